"""Run and wall off untrusted code: sandbox, fork server, kernel, examiner."""
