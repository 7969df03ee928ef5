"""Findings of `rblnc check` with what Triton's front end says of kernels that it refuses.

Such a kernel has no TTIR. What stands in its place is not TTIR either, and the program says so in the form that was asked
for (RBLN-I002, one finding); here its words and its place become those of the front end.
"""
import json
import re
import xml.etree.ElementTree as ET
from typing import NamedTuple
from urllib.parse import quote


class Refusal(NamedTuple):
    """Why a kernel has no TTIR. line, column: from 1; None where they are not known."""
    message: str
    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self):
        place = "".join(f":{number}" for number in (self.line, self.column) if number)
        return f"{self.file}{place}: error: {self.message} [RBLN-I002]"


def rewritten(form, output, errors, refusals):
    """(standard output, standard error) of the program with the refusals in them. form: of --format. refusals: by the
    name of the input; None takes an input out that was none."""
    if not refusals:
        return output, errors
    if form == "text":
        return output, _text(errors, refusals)
    return {"json": _json, "sarif": _sarif, "github": _github, "junit": _junit}[form](output, refusals), errors


def _named(text, refusals):
    """The name of the refused input that a message of the program is about, or None."""
    return next((name for name in refusals if f"'{name}' is " in text), None)


def _text(errors, refusals):
    lines, skips = [], False
    for line in errors.splitlines(keepends=True):
        skips = skips and line.startswith(" ")
        name = None if skips else _named(line, refusals)
        if name is not None:
            skips = True
            lines.append(f"{refusals[name]}\n" if refusals[name] else "")
        elif not skips:
            lines.append(line)
    if None in refusals.values():
        return re.sub(r"(?m)^rblnc: 1 error in 1 kernel$", "rblnc: no kernel was checked", "".join(lines))
    return "".join(lines)


def _json(output, refusals):
    document = json.loads(output)
    for file in list(document["files"]):
        if file["file"] not in refusals:
            continue
        refusal = refusals[file["file"]]
        if refusal is None:
            document["files"].remove(file)
            document["summary"] = dict.fromkeys(document["summary"], 0)
            continue
        frame = {"column": refusal.column or 0, "file": refusal.file, "line": refusal.line or 0}
        for diagnostic in file["diagnostics"]:
            diagnostic.update(message=refusal.message, fix=None, frames=[frame])
    return _dumped(document)


def _sarif(output, refusals):
    document = json.loads(output)
    for run in document["runs"]:
        for result in list(run["results"]):
            name = _named(result["message"]["text"], refusals)
            if name is None:
                continue
            refusal = refusals[name]
            if refusal is None:
                run["results"].remove(result)
                continue
            region = {"startLine": refusal.line or 1, **({"startColumn": refusal.column} if refusal.column else {})}
            place = {"artifactLocation": {"uri": quote(refusal.file)}, "region": region}
            result.update(message={"text": refusal.message}, locations=[{"physicalLocation": place}])
    return _dumped(document)


def _github(output, refusals):
    lines = []
    for line in output.splitlines(keepends=True):
        name = _named(line, refusals)
        if name is None:
            lines.append(line)
        elif refusals[name] is not None:
            lines.append(_annotation(refusals[name]))
    return "".join(lines)


def _annotation(refusal):
    def escaped(text, more=""):
        for character in "%\r\n" + more:
            text = text.replace(character, f"%{ord(character):02X}")
        return text

    places = (("line", refusal.line), ("col", refusal.column))
    place = "".join(f",{key}={number}" for key, number in places if number)
    return f"::error file={escaped(refusal.file, ':,')}{place},title=RBLN-I002::{escaped(refusal.message)}\n"


def _junit(output, refusals):
    root = ET.fromstring(output)
    for suite in root.iter("testsuite"):
        for case in list(suite.iter("testcase")):
            if case.get("name") not in refusals:
                continue
            refusal = refusals[case.get("name")]
            if refusal is None:
                suite.remove(case)
                for element in (root, suite):
                    element.attrib.update(tests="0", failures="0", errors="0")
                continue
            for finding in case:
                finding.set("message", refusal.message)
                finding.text = f"{refusal}\n"
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _dumped(document):
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


__all__ = ["Refusal", "rewritten"]
