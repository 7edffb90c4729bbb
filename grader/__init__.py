"""What an instructor runs: the `course` command and its steps."""
