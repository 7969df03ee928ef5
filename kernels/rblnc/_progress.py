"""What long calls of the library do meanwhile: Ctrl-C ends them, and a terminal sees how far they are."""
import ctypes
import sys
import threading

from rblnc._library import ProgressFunction

# A run or a compilation that takes this long says so on a terminal.
_SHOWN_AFTER_SECONDS = 2.0
_CONTINUE, _STOP = 0, 1


class Listener:
    """Hears of the progress of one call at a time. function: what the library calls.

    Python runs the handlers of signals when a frame of the main thread goes on. The frame that hears is a generator's,
    which goes on within its `try`: a function's would begin, and end with KeyboardInterrupt, before any of its lines.
    """

    def __init__(self):
        hearing = self._hear()
        next(hearing)
        self.function = ProgressFunction(hearing.send)
        self.progress = None
        self.error = None
        self._shown = 0

    def _hear(self):
        verdict = _CONTINUE
        while True:
            try:
                heard = (yield verdict).contents
                verdict = _CONTINUE
                if self.progress is not None:
                    name = ctypes.string_at(heard.step.data, heard.step.size).decode("utf-8", "replace")
                    if self.progress(name, heard.fraction if heard.fraction >= 0 else None, heard.seconds):
                        verdict = _STOP
                elif heard.seconds >= _SHOWN_AFTER_SECONDS:
                    self._show(heard)
            except GeneratorExit:
                raise
            except BaseException as error:  # for the caller of the library, who raises it
                self.error = error
                verdict = _STOP

    def _show(self, heard):
        if sys.stderr is None or not sys.stderr.isatty():
            return
        name = ctypes.string_at(heard.step.data, heard.step.size).decode("utf-8", "replace")
        share = f" {100 * heard.fraction:.0f} %" if heard.fraction >= 0 else ""
        line = f"rblnc: {name}{share}, {heard.seconds:.0f} s"
        sys.stderr.write("\r" + line.ljust(self._shown))
        sys.stderr.flush()
        self._shown = len(line)

    def finish(self):
        """After the call: tidies the terminal and gives the exception that ended it, if one did."""
        if self._shown:
            sys.stderr.write("\r" + " " * self._shown + "\r")
            sys.stderr.flush()
            self._shown = 0
        error, self.error, self.progress = self.error, None, None
        return error


class _Idle(threading.local):

    def __init__(self):
        self.listeners = []


_idle = _Idle()


def take(progress=None):
    """A listener for a call of this thread. A signal's handler may make calls of its own meanwhile."""
    listener = _idle.listeners.pop() if _idle.listeners else Listener()
    listener.progress = progress
    return listener


def give_back(listener):
    """After the call: raises what ended it, if an exception did."""
    error = listener.finish()
    _idle.listeners.append(listener)
    if error is not None:
        raise error
