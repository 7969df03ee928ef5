"""Gives `rblnc opt` many small modules of one file: each is refused with a message, warned of, or accepted.

    modules.py RBLNC FILE [OPTION...]

The file is cut at lines of these forms; the text up to the first is not looked at:

    // ----- around            what stands around the modules that follow; BODY is where a module goes
    // ----- refused: MESSAGE  opt ends with status 1, and a line of its has "error: " and the message
    // ----- warned: MESSAGE   opt ends with status 0, and a line of its has "warning: " and the message
    // ----- accepted          opt ends with status 0 and says nothing
"""
import re
import subprocess
import sys


def cases(text):
    around = "BODY"
    pieces = re.split(r"^// ----- (around|accepted|(?:refused|warned): .*)\n", text, flags=re.MULTILINE)
    line = pieces[0].count("\n") + 1
    for kind, module in zip(pieces[1::2], pieces[2::2]):
        if kind == "around":
            around = module
        else:
            yield line, kind, around.replace("BODY", module)
        line += 1 + module.count("\n")


def fault(kind, done):
    """What is wrong with how opt took a module, or nothing."""
    if kind == "accepted":
        return "it was not accepted" if done.returncode or done.stderr else ""
    how, message = kind.split(": ", 1)
    status, severity = (1, "error: ") if how == "refused" else (0, "warning: ")
    if done.returncode != status:
        return f"status {done.returncode} where it must be {how}"
    told = [line for line in done.stderr.splitlines() if severity in line and message in line]
    return "" if told else f"it was {how} with another message"


def main(rblnc, file, *options):
    with open(file, encoding="utf-8") as opened:
        text = opened.read()
    count = failures = 0
    for line, kind, module in cases(text):
        done = subprocess.run([rblnc, "opt", *options, "-"], input=module, capture_output=True, text=True, check=False)
        count += 1
        if found := fault(kind, done):
            failures += 1
            print(f"{file}:{line}: {found}: {kind}\n{done.stderr}")
    if not count:
        print(f"{file}: no module")
    return 1 if failures or not count else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
