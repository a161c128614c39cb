"""Where a stranger's code runs: processes, frames and limits. Knows nothing of checks or points."""
