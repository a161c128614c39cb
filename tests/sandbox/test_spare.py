"""The spare: a worker that a standby has forked before the next grading asks for one, and that changes nothing but its start."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sampling import ALL
from support import ROOT

from autograder.assignment import load
from autograder.grading.bench import HANDLER as GRADING
from autograder.grading.bench import Bench
from autograder.grading.grade import PUBLIC_SEED, questions
from autograder.observing import seeding
from autograder.sandbox import first_uses
from autograder.sandbox.budget import Budget
from autograder.sandbox.clock import is_asleep
from autograder.sandbox.standby import Standby, ask
from autograder.sandbox.workers import Forked, source
from autograder.selftest.bait import Bait
from autograder.selftest.trial import ATTACKS, read, trials

PROBE = "autograder.sandbox.probe:serve"
WEIGH = b'{"what": "weigh"}'
PATIENCE = 30.0  # seconds on a busy machine, for what takes a moment
HOSTILE = {path.stem: path for path in sorted([*ATTACKS.glob("*.py"), *ROOT.glob("tests/sandbox/hostile/*.py")])}
KINDS = [f"autograder.checks.{path.stem}" for path in sorted(ROOT.glob("autograder/checks/[a-z]*.py"))]
CHOSEN = ("closes_descriptors", "forges_its_end", "kills_everyone", "leaves_daemon", "raw_frames", "reads_canary")

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only on Linux does a zygote stay")


class Spying(Forked):
    """A source that notes which processes it was given."""

    given: tuple[int, ...] = ()

    def _given(self, asked):
        worker = super()._given(asked)
        self.given = (*self.given, worker._process.pid)
        return worker


@contextlib.contextmanager
def standing(folder):
    """A place where a zygote may stay; it is ended at the end."""
    folder.mkdir(mode=0o700)
    place = Standby(str(folder), "zygote-0123456789abcdef-0123456789abcdef")
    yield place
    tell(place, {"stop": "now"})


@pytest.fixture
def place(tmp_path):
    """A place for a zygote that is as small as one can be."""
    with standing(tmp_path / "run") as found:
        yield found


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    """A place where a zygote stays that has imported TensorFlow."""
    with standing(tmp_path_factory.mktemp("warm") / "run") as found:
        with Forked(GRADING, place=found) as workers:
            workers.warm(["tensorflow", *KINDS])
            with workers.start(Budget()) as worker:
                assert worker.layers.in_force
        yield found


def tell(place, message):
    """What a zygote that stays says to a message."""
    found = place.connect()
    if found is None:
        return None
    with found[0] as control:
        return ask(control, message)


def leave(place, budget=Budget()):  # noqa: B008 - it is frozen
    """Use a zygote that stays, and wait for its spare; both processes."""
    with Forked(PROBE, place=place) as workers:
        workers.warm(["fractions"])
        with workers.start(budget) as worker:
            assert worker.ask(WEIGH, 10)
    return workers.pid, spare_of(workers.pid)


def process_of(place):
    """The process of the zygote that stays."""
    found = place.connect()
    assert found is not None
    with found[0]:
        return found[1]


def threads(pid):
    """How many threads a process has."""
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def children(pid):
    """The processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def spare_of(zygote):
    """The worker that a zygote keeps, once it does."""
    assert comes(lambda: len(children(zygote)) == 1 and Path(f"/proc/{children(zygote)[0]}/cwd").readlink() != Path("/"))
    return children(zygote)[0]


def used(place, budget=Budget()):  # noqa: B008
    """The workers that the next grading is given."""
    with Spying(PROBE, place=place) as workers, workers.start(budget) as worker:
        assert worker.ask(WEIGH, 10)
        return workers.given


def runs(pid):
    """Whether a process is there, and is not just waiting to be buried."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


def ended(pid):
    """Whether a process is gone."""
    return not runs(pid)


def comes(condition):
    """Whether something comes true soon."""
    deadline = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(OSError):
            if condition():
                return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)


def test_the_next_grading_gets_it(place):
    """The worker that waits is the next grading's, and after that there is another."""
    zygote, first = leave(place)
    assert used(place) == (first,)
    assert comes(lambda: not runs(first))
    second = spare_of(zygote)
    assert second != first
    assert used(place) == (second,)


def test_two_gradings_never_share_it(place):
    """The first who asks has it to itself; whoever comes meanwhile gets a worker of its own."""
    _, spare = leave(place)
    with Spying(PROBE, place=place) as one, Spying(PROBE, place=place) as other:
        with one.start(Budget()) as first, other.start(Budget()) as second:
            assert first.ask(WEIGH, 10) and second.ask(WEIGH, 10)
        assert one.given == (spare,)
        assert spare not in other.given and len(other.given) == 1


@pytest.mark.parametrize("term", ["budget", "terminal", "folder"])
def test_on_other_terms_it_is_not_given(place, term, monkeypatch, tmp_path):
    """A spare has its limits, its terminal's settings and its folder for good: who needs others gets a fresh worker."""
    _, spare = leave(place)
    budget = Budget()
    if term == "budget":
        budget = Budget(memory=300 * 2**20)
    elif term == "terminal":
        monkeypatch.setenv("PATH", f"{os.environ['PATH']}:/somewhere")
    else:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert used(place, budget)[-1] != spare


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "stopped"])
def test_a_broken_one_costs_only_the_old_start(place, sent):
    """Where the spare has ended, or does not answer, a worker is forked as ever, and nothing of it is left."""
    zygote, spare = leave(place)
    os.kill(spare, sent)
    assert used(place)[-1] != spare
    assert comes(lambda: not runs(spare))
    assert spare_of(zygote) != spare


def test_one_that_was_killed_is_not_replaced_before_it_is_needed(place):
    """If spares die, there is no endless row of them: the next grading has a worker, and leaves the next spare."""
    zygote, spare = leave(place)
    os.kill(spare, signal.SIGKILL)
    assert comes(lambda: children(zygote) == [])
    time.sleep(0.2)
    assert children(zygote) == []


def test_it_has_what_the_zygote_has_imported(place):
    """A spare from before an import is given up: the next one has it."""
    _, spare = leave(place)
    with Spying(PROBE, place=place) as workers:
        workers.warm(["colorsys"])
        with workers.start(Budget()) as worker:
            assert worker.ask(WEIGH, 10)
            assert workers.given[-1] != spare
    assert comes(lambda: not runs(spare))


def test_it_is_isolated_as_ever(place):
    """The layers around it are those of a fresh worker, and it holds no open file but its two pipes."""
    _, spare = leave(place)
    assert comes(lambda: open_in(spare) == ["null", "null", "null", "pipe", "pipe"])
    with Forked(PROBE, place=place) as workers, workers.start(Budget()) as worker:
        kept = worker.layers
    with source(PROBE, "fork") as workers, workers.start(Budget()) as worker:
        assert worker.layers == kept


def open_in(pid):
    """The kinds of files that a process has open."""
    return sorted(Path(path).readlink().name.partition(":")[0] for path in Path(f"/proc/{pid}/fd").iterdir())


def test_its_folder_is_its_own_and_goes_with_it(place):
    """It waits in an empty folder that nobody else can enter, and which is gone after its grading."""
    _, spare = leave(place)
    folder = Path(f"/proc/{spare}/cwd").readlink()
    assert (folder.stat().st_mode & 0o777, list(folder.iterdir())) == (0o700, [])
    assert used(place) == (spare,)
    assert comes(lambda: not folder.exists())


def test_it_ends_with_its_zygote(place):
    """`dlkit stop` leaves neither; no folder stays behind."""
    zygote, spare = leave(place)
    home = Path(f"/proc/{spare}/cwd").readlink().parent
    assert tell(place, {"stop": "now"}) == {"stops": True}
    assert comes(lambda: not runs(spare) and not runs(zygote) and not home.exists())


def test_it_dies_if_its_zygote_is_killed(place):
    """The kernel ends it: nobody could find it any more."""
    zygote, spare = leave(place)
    os.kill(zygote, signal.SIGKILL)
    assert comes(lambda: not runs(spare))


def test_it_ends_with_the_idle_time(place):
    """After ten idle minutes, here less than a second, neither is left."""
    short = replace(place, idle=0.8)
    with Forked(PROBE, place=short) as workers:
        workers.warm(["fractions"])
        with workers.start(Budget()) as worker:
            assert worker.layers.in_force
    assert comes(lambda: not runs(workers.pid))


def test_status_tells_its_memory(place):
    """What it holds beside the zygote is told, and 0 while there is none."""
    leave(place)
    told = tell(place, {"status": True})
    assert 2**20 < told["spare"] < told["memory"]
    with Forked(PROBE, place=place) as workers, workers.start(Budget()):
        assert tell(place, {"status": True})["spare"] == 0


def test_while_a_class_is_graded_there_is_none(tmp_path):
    """Only a zygote that stays keeps a worker: for whoever forks many, it would only cost."""
    with source(PROBE) as workers:
        with workers.start(Budget()) as worker:
            assert worker.ask(WEIGH, 10)
        assert comes(lambda: children(workers.pid) == [])
        time.sleep(0.1)
        assert children(workers.pid) == []


def test_it_stops_warming_when_it_is_wanted(monkeypatch):
    """Whoever wants the worker waits for one use at most."""
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    done = []
    monkeypatch.setattr(first_uses, "USES", [done.append] * 5)
    monkeypatch.setattr(first_uses, "_unnoticed", lambda _: contextlib.nullcontext())
    monkeypatch.setitem(sys.modules, "tensorflow", object())
    first_uses.first_uses(lambda: len(done) == 2)
    assert len(done) == 2


def test_it_starts_from_the_seed_of_every_case():
    """With another seed, the first case would throw away the kernels that were made ready."""
    assert first_uses.SEED == seeding.SEED


TELLTALE = '''
import random
import warnings

import numpy as np
import tensorflow as tf
import keras

AT_IMPORT = [random.random(), np.random.random(), float(tf.random.uniform([])), float(keras.random.uniform([]))]


def tell(x):
    """Print whatever a first use could change."""
    print(AT_IMPORT, random.random(), np.random.random(), tf.random.normal([2]).numpy(), keras.random.normal((2,)).numpy())
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3), keras.layers.Dropout(0.5), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    model.summary()
    print(model.name, [variable.path for variable in model.variables], model.get_weights(), model(x, training=True).numpy())
    variable = tf.Variable(x)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.nn.dropout(variable, 0.5) ** 2)
    print(variable, tape.gradient(loss, variable).numpy(), tape.watched_variables())
    print(float(tf.function(lambda a: tf.random.uniform([], dtype=a.dtype) + tf.reduce_sum(a))(x)), tf.executing_eagerly())
    print(model.train_on_batch(x, x[:, :1]), keras.config.floatx(), tf.config.get_visible_devices())
    print(warnings.filters, sorted(vars(keras.src.backend.common.global_state.GLOBAL_STATE_TRACKER)))
    for wrong in (lambda: tf.matmul(tf.ones((2, 3)), tf.ones((2, 3))), lambda: model(np.zeros((2, 5)))):
        try:
            wrong()
        except Exception as error:
            print(type(error), error)
    keras.utils.set_random_seed(3)
    print(random.random(), np.random.random(), tf.random.uniform([2]).numpy(), keras.random.normal((2,)).numpy())
    keras.backend.clear_session()
    print(keras.layers.Dense(1).name)
    return x
'''
SPEC = """
from autograder import Assignment, Outputs


def cases(rng):
    return {"first": {"x": rng.normal(size=(4, 2))}, "second": {"x": rng.normal(size=(4, 2))}}


assignment = Assignment(
    title="Telltale", files=["tell.py"], imports=["tensorflow"], checks=[Outputs("tell", on=cases, points=100, hint="-")]
)
"""


def answers(assignment, files, workers):
    """All answers of a submission, as bytes, but for the seconds that they took."""
    cases = questions(assignment, assignment.checks, PUBLIC_SEED)
    with Bench(assignment, workers) as bench:
        bench.load(files, assignment.checks)
        return {
            (check.name, name): replace(bench.ask(check, name, case), seconds=0.0)
            for check in assignment.checks
            for name, case in cases[check.name].items()
        }


@pytest.mark.slow
def test_it_changes_no_answer(warm, workers, tmp_path):
    """Generators, names, messages, gradients and what is printed are, to the byte, those of a fresh worker."""
    (tmp_path / "checks.py").write_text(SPEC)
    assignment = load(tmp_path)
    expected = answers(assignment, {"tell.py": TELLTALE}, workers)
    printed = [answer.printed for answer in expected.values()]
    assert all("dense_1" in text and not answer.error for text, answer in zip(printed, expected.values(), strict=True))
    zygote = process_of(warm)
    spare = spare_of(zygote)
    assert comes(lambda: threads(spare) > 1 and is_asleep(spare))  # it has done its first uses
    with Spying(GRADING, place=warm) as again:
        found = answers(assignment, {"tell.py": TELLTALE}, again)
        assert again.given == (spare,)
    assert [answer.printed for answer in found.values()] == printed
    assert [answer.to_bytes() for answer in found.values()] == [answer.to_bytes() for answer in expected.values()]


@pytest.mark.slow
def test_hostile_programs_are_contained_in_it(warm, workers):
    """Through a spare, too, they end as they should and earn nothing, and the zygote goes on to keep spares."""
    wrong, earned, zygotes = {}, {}, set()
    with Bait() as bait:
        for name in HOSTILE if ALL else CHOSEN:
            zygote = process_of(warm)
            spare = spare_of(zygote)
            with Spying(GRADING, place=warm) as source_of_it:
                (trial,) = trials([read(HOSTILE[name])], source_of_it, workers, bait)
                assert spare in source_of_it.given
            wrong[name], earned[name] = trial.wrong, trial.scores.get("attacked")
            zygotes.add(zygote)
            assert comes(partial(ended, spare))
    assert {name: found for name, found in wrong.items() if found} == {}
    assert not any(earned.values())
    assert len(zygotes) == 1
