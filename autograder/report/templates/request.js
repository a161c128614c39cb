// What a student asks for becomes a file, which the student sends to the instructor: this page has no network.
"use strict";
const box = document.querySelector(".request");
box.hidden = false;
box.querySelector("button").addEventListener("click", (event) => {
  const { assignment, student } = event.target.dataset;
  const text = box.querySelector("textarea").value.trim();
  const status = box.querySelector("[role=status]");
  if (!text) {
    status.textContent = "Write something first.";
    return;
  }
  const requests = [{ check: box.querySelector("select").value, text }];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify({ assignment, student, requests }, null, 1)], { type: "application/json" }));
  link.download = `request-${assignment}-${student.replace(/[^\w.-]/g, "_")}.json`;
  link.click();
  status.textContent = `Send the file ${link.download} to your instructor.`;
});
