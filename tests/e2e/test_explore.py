"""`compile --explore`: the page of a compilation."""
import json
import re

from browser import opened
from kernels import catalog

TTIR = catalog.TTIR / "3.6.0"
KERNEL = TTIR / "softmax.r64c128.raw.ttir"


def data_of(page):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page.read_text(), re.S)[1])


def test_every_step_with_its_text(rblnc, tmp_path):
    page = tmp_path / "k.html"
    rblnc.done("compile", KERNEL, "-o", tmp_path / "k.rbln", f"--explore={page}", "--dump-after=all", "--dump-dir", tmp_path / "d")
    data = data_of(page)
    dumps = {re.sub(r"^[\d.]+-", "", path.stem): path.read_text() for path in (tmp_path / "d").iterdir()}
    assert {step["name"]: step["ir"] for step in data["steps"]} == dumps
    assert [step["name"] for step in data["steps"]][:4] == ["parse", "simplify", "check", "lower"]
    assert {step["part_of"] for step in data["steps"]} == {"", "plan"}
    assert all(step["done"] and step["operations"] > 0 for step in data["steps"]) and data["diagnostics"] == []


def test_the_source_is_on_the_page_where_it_can_be_read(rblnc, tmp_path):
    kernel = tmp_path / "k.ttir"
    kernel.write_text(KERNEL.read_text().replace("kernels/basic/softmax.py", "mine.py"))
    page = tmp_path / "k.html"
    rblnc.done("compile", kernel, "-o", tmp_path / "k.rbln", "--explore", page)
    assert data_of(page)["sources"] == {}
    (tmp_path / "mine.py").write_text("x = '</script><b>'\n")
    rblnc.done("compile", kernel, "-o", tmp_path / "k.rbln", "--explore", page)
    assert data_of(page)["sources"] == {"mine.py": "x = '</script><b>'\n"}
    assert "</script><b>" not in page.read_text()


def test_it_is_written_when_the_kernel_is_refused(rblnc, tmp_path):
    wrong = next((TTIR / "wrong").glob("dynamic_loop*.raw.ttir"))
    page = tmp_path / "k.html"
    process = rblnc("compile", wrong, "-o", tmp_path / "k.rbln", "--explore", page)
    assert process.returncode == 1 and "[RBLN-C001]" in process.stderr
    data = data_of(page)
    assert [(step["name"], step["done"]) for step in data["steps"]] == [("parse", True), ("simplify", True), ("check", False)]
    assert [one["code"] for one in data["diagnostics"]] == ["RBLN-C001"]


def test_it_changes_nothing_and_replaces_nothing(rblnc, tmp_path):
    kernel = tmp_path / "k.ttir"
    kernel.write_text(KERNEL.read_text())
    rblnc.done("compile", kernel, "-o", tmp_path / "a.rbln")
    rblnc.done("compile", kernel, "-o", tmp_path / "b.rbln", "--explore", tmp_path / "k.html")
    assert (tmp_path / "a.rbln").read_bytes() == (tmp_path / "b.rbln").read_bytes()
    for path in (kernel, tmp_path / "c.rbln"):
        process = rblnc("compile", kernel, "-o", tmp_path / "c.rbln", "--explore", path)
        assert process.returncode == 2 and not (tmp_path / "c.rbln").exists()
    assert kernel.read_text() == KERNEL.read_text()


def test_differences_are_drawn(rblnc, tmp_path):
    page = tmp_path / "k.html"
    rblnc.done("compile", KERNEL, "-o", tmp_path / "k.rbln", "--explore", page)
    number = [step["name"] for step in data_of(page)["steps"]].index("synchronize")
    # The script's last lines choose what is shown first.
    page.write_text(page.read_text().replace("show(worst >= 0 ? worst : 0)", f"show({number})"))
    process = opened(page, tmp_path, "--dump-dom")
    assert "Uncaught" not in process.stderr
    added = re.findall(r'<td class="added[^"]*"[^>]*>([^<]*)', process.stdout)
    removed = re.findall(r'<td class="removed[^"]*"[^>]*>([^<]*)', process.stdout)
    assert sum("npu.wait" in line for line in added) > 0 and not any("npu.wait" in line for line in removed)
    # Nothing else changes but the program's first line, which counts semaphores.
    assert len(removed) == 1 and "semaphores 0" in removed[0]
    assert all("npu.wait" in line or "npu.signal" in line or "semaphores" in line for line in added)
