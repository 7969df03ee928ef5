"""Faults of the library at every door of the package, each in a process of its own: prints a JSON object, the outcome of
each case by name. An outcome has the classes of what was raised, the text, and what the case found afterwards.

Run by test_faults_errors.py.
"""
import faulthandler
import io
import itertools
import json
import os
import signal
import sys
import threading
import time
import traceback

import torch

import rblnc
from rblnc import _faults, native

from sample_kernels import scale, stock_scale

SIGNALS = ["SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP", "SIGABRT", "stack overflow", "terminate", "fatal error",
           "usage error", "no memory", "no memory in LLVM"]
_numbers = itertools.count()
X = torch.arange(512, dtype=torch.float32).reshape(8, 64)


def provoke(place, kind):
    kept = []
    assert native._load().rblnc_provoke_fault(native._string(place, kept), native._string(kind, kept)) == 0


def caught(call):
    """What a call raised: the exception, and those that it came from."""
    try:
        call()
    except BaseException as error:
        chain, seen = [], error
        while seen is not None:
            chain += [kind.__name__ for kind in type(seen).__mro__]
            seen = seen.__cause__ or seen.__context__
        return {"classes": chain, "text": "".join(traceback.format_exception(error))}
    return {"classes": [], "text": ""}


def is_right():
    """Whether a kernel compiles and runs right, by whatever means."""
    output = torch.zeros_like(X)
    rblnc.launch(scale, X, output, 3.0, 8, 64)
    return bool((output == X * 3).all())


def launched(function, **keywords):
    return lambda: function(X, torch.zeros_like(X), 2.0, 8, 64, **keywords)


def operator():
    name = f"fault_doors::scaled{next(_numbers)}"

    def scaled(x: torch.Tensor) -> torch.Tensor:
        output = torch.empty_like(x)
        rblnc.launch(scale, x, output, 2.0, 8, 64)
        return output

    return rblnc.torch_op(name, mutates_args=(), fake=torch.empty_like)(scaled)


def graph(backend):
    body = operator()
    return lambda: torch.compile(lambda x: body(x) + 1, backend=backend)(X)


COMPILING = {
    "native.compile": lambda: lambda: native.compile(rblnc.ttir(scale, X, X, 2.0, 8, 64)),
    "warmup": lambda: launched(scale.warmup, grid=(1, )),
    "rblnc.warmup": lambda: lambda: rblnc.warmup(scale, X, X, 2.0, 8, 64),
    "launch": lambda: lambda: rblnc.launch(scale, X, torch.zeros_like(X), 2.0, 8, 64),
    "kernel[grid]": lambda: launched(scale[(1, )]),
    "triton's kernel[grid]": lambda: launched(stock_scale[(1, )]),
    "torch_op": lambda: (lambda body: lambda: body(X))(operator()),
    "torch.compile eager": lambda: graph("eager"),
    "torch.compile aot_eager": lambda: graph("aot_eager"),
}


def compiling(door):
    call = COMPILING[door]()
    provoke("compile", "SIGSEGV")
    outcome = caught(call)
    return {**outcome, "right": is_right() and caught(COMPILING[door]())["text"] == ""}


def running(kind):
    compiled = scale.warmup(X, X, 2.0, 8, 64, grid=(1, ))
    outcomes = []
    for _ in range(2):
        provoke("run", kind)
        outcomes.append(caught(lambda: compiled(X, torch.zeros_like(X), 2.0)))
    return {**outcomes[0], "right": is_right() and outcomes[0]["classes"] == outcomes[1]["classes"] and
            not native._load().rblnc_is_faulted()}


def twice():
    """A fault here, then one of the process that compiles in the place of this one."""
    provoke("compile", "SIGABRT")
    first = caught(launched(scale[(1, )]))
    own, _faults._ANSWER = _faults._ANSWER, "import os; os.abort()"
    second = caught(launched(scale[(1, )]))
    _faults._ANSWER = ("from rblnc import native, _faults; k = []; native._load().rblnc_provoke_fault("
                       "native._string('compile', k), native._string('SIGFPE', k)); _faults.answer()")
    third = caught(launched(scale[(1, )]))
    _faults._ANSWER = own
    rejected = caught(lambda: native.compile("module {"))
    return {"classes": second["classes"], "text": first["text"] + second["text"] + third["text"], "right": is_right(),
            "rejected": rejected["text"]}


def amid_threads():
    """Python threads that compute and run kernels meanwhile go on."""
    compiled = scale.warmup(X, X, 2.0, 8, 64, grid=(1, ))
    over, wrong, turns = threading.Event(), [], []

    def work():
        while not over.is_set():
            output = torch.zeros_like(X)
            compiled(X, output, 2.0)
            wrong.extend([1] * (not bool((output == X * 2).all())))
            turns.append(1)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    provoke("compile", "stack overflow")
    outcome = caught(lambda: rblnc.warmup(scale, X[:4], X[:4], 2.0, 4, 64))
    before = len(turns)
    deadline = time.monotonic() + 20
    while len(turns) < before + 30 and time.monotonic() < deadline:
        time.sleep(0.01)
    over.set()
    for thread in threads:
        thread.join()
    return {**outcome, "right": is_right() and not wrong and len(turns) >= before + 30}


def with_faulthandler():
    """faulthandler says nothing of a fault that is caught, and goes on to hear of others."""
    log = open(os.environ["FAULT_LOG"], "w+")
    faulthandler.enable(log)
    provoke("run", "SIGSEGV")
    compiled = scale.warmup(X, X, 2.0, 8, 64, grid=(1, ))
    outcome = caught(lambda: compiled(X, torch.zeros_like(X), 2.0))
    provoke("compile", "SIGABRT")
    outcome = caught(lambda: rblnc.warmup(scale, X[:4], X[:4], 2.0, 4, 64)) if outcome["text"] else outcome
    silent = not os.path.getsize(log.name)
    child = os.fork()
    if child == 0:
        signal.raise_signal(signal.SIGSEGV)
    status = os.waitpid(child, 0)[1]
    heard = "Segmentation fault" in open(log.name).read()
    return {**outcome, "right": is_right() and silent and heard and os.WTERMSIG(status) == signal.SIGSEGV and
            faulthandler.is_enabled()}


def with_handlers():
    """Handlers that Python code has set hear what is sent to the process, during calls too, and nothing else."""
    heard = []
    for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGFPE):
        signal.signal(number, lambda *given: heard.append(given[0]))
    provoke("compile", "SIGFPE")
    outcome = caught(launched(scale[(1, )]))
    silent = not heard
    compiled = scale.warmup(X, X, 2.0, 8, 64, grid=(1, ))
    threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGABRT)).start()
    begin = time.monotonic()
    while not heard and time.monotonic() - begin < 20:
        compiled(X, torch.zeros_like(X), 2.0)
    return {**outcome, "right": is_right() and silent and heard == [signal.SIGABRT]}


def in_progress():
    """A progress function may end a compilation in the other process as it does in this one."""
    provoke("compile", "SIGILL")
    outcome = caught(launched(scale[(1, )]))
    stopped = caught(lambda: native.compile(rblnc.ttir(scale, X, X, 2.0, 8, 64), progress=lambda *_: True))
    return {**outcome, "right": "RBLN-R015" in stopped["text"] and is_right()}


def other_calls():
    """Opening a bundle, the reports of a run, and the interpreter's arithmetic."""
    import numpy as np
    from rblnc import _arithmetic
    compiled = scale.warmup(X, X, 2.0, 8, 64, grid=(1, ))
    provoke("open", "SIGSEGV")
    outcome = caught(lambda: native.Bundle.from_bytes(compiled.rbln))
    stats = compiled(X, torch.zeros_like(X), 2.0)
    provoke("report", "SIGSEGV")
    report = caught(stats.as_dict)
    provoke("compute", "SIGSEGV")
    one = (np.ones(4, np.float32), "f32")
    compute = caught(lambda: _arithmetic.compute("addf", "f32", [one, one]))
    return {**outcome, "right": is_right() and all("InternalError" in each["classes"] for each in (report, compute)) and
            bool(stats.as_dict())}


CASES = {**{f"compile: {door}": lambda door=door: compiling(door) for door in COMPILING},
         **{f"run: {kind}": lambda kind=kind: running(kind) for kind in SIGNALS},
         "twice": twice, "threads": amid_threads, "faulthandler": with_faulthandler, "handlers": with_handlers,
         "progress": in_progress, "other calls": other_calls}


def outcome_of(case):
    """Of a child of this process."""
    ends = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        signal.alarm(100)
        try:
            outcome = case()
        except BaseException:
            outcome = {"classes": [], "text": traceback.format_exc(), "right": False}
        with os.fdopen(ends[1], "w") as out:
            json.dump(outcome, out)
        os._exit(0)
    os.close(ends[1])
    with os.fdopen(ends[0]) as answer:
        text = answer.read()
    status = os.waitpid(child, 0)[1]
    return json.loads(text) if text and status == 0 else {"classes": [], "text": f"status {status}", "right": False}


if __name__ == "__main__":
    json.dump({name: outcome_of(case) for name, case in CASES.items()
               if len(sys.argv) < 2 or sys.argv[1] in name}, io.TextIOWrapper(sys.stdout.buffer, "utf-8"))
