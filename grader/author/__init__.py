"""The author's commands: pair text and notebook, build the release, check the rules, run in batch."""
