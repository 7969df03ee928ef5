"""Pages of rblnc in a browser without a window."""
import os
import shutil
import subprocess

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def opened(page, folder, *options):
    """The page in Chromium, with a profile of its own below `folder`; skips where there is none, but for CI."""
    if not CHROMIUM:
        reason = "there is no chromium on the PATH; tests/setup.sh installs it"
        if os.environ.get("CI"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return subprocess.run([CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}",
                           "--enable-logging=stderr", *options, page.as_uri()],
                          capture_output=True, text=True, timeout=100, check=True)
