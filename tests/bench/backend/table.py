"""Results as text: a line for each row, what bounds it, and what has changed since an earlier run."""

HEADER = (f"{'kernel':46} {'limit':6} {'bytes':>6} {'time us':>9} {'bound':>6} {'balance':>7} {'scratchpad':>16} "
          f"{'shared':>9} {'DRAM':>9}  result")
# Modelled times are exact; what is less than this part of them is not worth a line.
NOTEWORTHY = 0.001
SIZES = {"scratchpad": "peak_scratchpad_bytes", "shared": "spilled_shared_bytes", "DRAM": "spilled_dram_bytes"}
COMPARED = {"missed", "modelled_seconds", "time_ratio", "bytes_ratio", *SIZES.values()}


def _size(size):
    return f"{size / 1024:.0f}K" if size >= 1024 or not size else f"{size}B"


def _microseconds(parts):
    return ", ".join(f"{name} {1e6 * seconds:.1f}" for name, seconds in parts.items())


def verdict(result):
    """What is missed, the error's code, or `reached`."""
    return result.get("error") or ", ".join(result["missed"]) or "reached"


def is_result(entry):
    """Whether a dictionary has what is compared."""
    return {"name", "target"} <= entry.keys() and ("error" in entry or COMPARED <= entry.keys())


def line(result):
    name = f"{result['name']:46}"
    if "error" in result:
        return f"{name} {result['error']}: {result['message']}"
    scratchpad = f"{_size(result['peak_scratchpad_bytes'])} of {_size(result['scratchpad_bytes'])}"
    return (f"{name} {result['limit']:6} {result['bytes_ratio']:6.3f} {1e6 * result['modelled_seconds']:9.1f} "
            f"{result['time_ratio']:6.3f} {100 * result['engine_balance']:6.1f}% {scratchpad:>16} "
            f"{_size(result['spilled_shared_bytes']):>9} {_size(result['spilled_dram_bytes']):>9}  {verdict(result)}")


def why(result):
    """Lines on what the device needs at least, on where the time goes, and on the slowest Python lines."""
    if "error" in result:
        return []
    slowest = ", ".join(f"{entry['file'].rsplit('/', 1)[-1]}:{entry['line']} {1e6 * entry['seconds']:.1f}"
                        for entry in result["lines"])
    extra = result["dram_bytes"] - result["compulsory_bytes"]
    return [f"    at least {1e6 * result['bound_seconds']:.1f} us: {_microseconds(result['roofline_seconds'])}; "
            f"bounded by {result['bottleneck']}: {_microseconds(result['spent_seconds'])}",
            f"    {_size(extra)} of DRAM traffic beyond {_size(result['compulsory_bytes'])}, "
            f"{_size(result['staged_bytes'])} staged; {sum(result['commands'].values())} commands; slowest: {slowest}"]


def summary(results):
    """One line on the results of one target."""
    reached = sum(verdict(result) == "reached" for result in results)
    verified = sum(result.get("verified", False) for result in results)
    text = f"{reached} of {len(results)} rows reach their figures on {results[0]['target']}"
    return text + (f", {verified} verified" if verified else "")


def changes(results, base):
    """One line for each row of both runs that has changed, and a summary. `base` is what --json printed earlier."""
    before = {(old["target"], old["name"]): old for old in base["rows"]}
    lines, compared = [], 0
    for new in results:
        old = before.get((new["target"], new["name"]))
        if old is None:
            continue
        compared += 1
        words = []
        if "error" not in old and "error" not in new:
            words = [text for text in (_time(old, new), _ratio(old, new), *_sizes(old, new)) if text]
        if verdict(old) != verdict(new):
            words.append(f"{verdict(old)} -> {verdict(new)}")
        if words:
            lines.append(f"{new['name']:46} {'; '.join(words)}")
    return lines + [f"{len(lines)} of {compared} rows changed"]


def _time(old, new):
    before, after = old["modelled_seconds"], new["modelled_seconds"]
    if abs(after - before) <= NOTEWORTHY * before:
        return None
    return (f"{1e6 * before:.1f} -> {1e6 * after:.1f} us ({100 * (after / before - 1):+.1f} %), "
            f"{old['time_ratio']:.3f} -> {new['time_ratio']:.3f} of the bound")


def _ratio(old, new):
    before, after = old["bytes_ratio"], new["bytes_ratio"]
    return f"bytes {before:.3f} -> {after:.3f}" if abs(after - before) > NOTEWORTHY * before else None


def _sizes(old, new):
    for what, key in SIZES.items():
        if old[key] != new[key]:
            yield f"{what} {_size(old[key])} -> {_size(new[key])}"
