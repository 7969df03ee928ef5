"""python -m rblnc exec SCRIPT runs a file that is written for the vendor's compiler, lint FILE.py checks the kernels of
Python files; anything else is the program's."""
import sys


def main():
    if sys.argv[1:2] == ["exec"]:
        from rblnc import _exec
        return _exec.main(sys.argv[2:])
    if sys.argv[1:2] == ["lint"]:
        from rblnc import _lint
        return _lint.main(sys.argv[2:])
    from rblnc import _program
    return _program.run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
