"""Every code of the chip's rules and of the vendor's refusals has a test that makes rblnc report it.

Usage: every_code.py SOURCE_DIR. Reads the tables and the CHECK lines of tests/lit."""
import re
import sys
from pathlib import Path

source = Path(sys.argv[1])
codes = {
    code
    for table in ("Chip.def", "Vendor.def")
    for code in re.findall(r"^RBLNC_CODE\(\s*([CW]\d{3})\b",
                           (source / "include/rblnc/support/codes" / table).read_text(), re.MULTILINE)
}
tested = {
    code
    for test in (source / "tests/lit").rglob("*.ttir")
    for line in test.read_text().splitlines()
    if re.match(r"//\s*[A-Z0-9-]*CHECK[A-Z0-9-]*:", line)
    for code in re.findall(r"\[RBLN-([CW]\d{3})\]", line)
}
missing = sorted(codes - tested)
if not codes or missing:
    sys.exit(f"{len(codes)} codes; no test for: {', '.join(missing)}")
print(f"all {len(codes)} codes are tested")
