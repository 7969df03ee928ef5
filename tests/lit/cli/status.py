"""Runs a command and succeeds when it ends with the expected status: status.py STATUS COMMAND…"""
import subprocess
import sys

status = subprocess.run(sys.argv[2:], check=False).returncode
if status != int(sys.argv[1]):
    sys.exit(f"status {status} instead of {sys.argv[1]}")
