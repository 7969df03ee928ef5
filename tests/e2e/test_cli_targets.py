"""Chips: descriptions of a user's own, bundles for several, and `rblnc compare`."""
import json

import numpy as np
import pytest

from kernels import catalog

KERNEL = catalog.TTIR / "3.6.0" / "flash_attention.h4l16s192.raw.ttir"
CHIPS = ["rbln-ca12", "rbln-ca22", "rbln-ca25", "rbln-cr03"]


def description(rblnc, name, **figures):
    chip = json.loads(rblnc.done("targets", name, "--json").stdout)
    for key, value in figures.items():
        chip["figures"][key] = {"value": value, "source": "assumed: a test"}
    return chip


def written(folder, chip, name="chip.json"):
    (folder / name).write_text(json.dumps(chip))
    return folder / name


@pytest.fixture(scope="module")
def both(rblnc, tmp_path_factory):
    path = tmp_path_factory.mktemp("bundle") / "both.rbln"
    rblnc.done("compile", KERNEL, "--target=rbln-ca22,rbln-cr03", "-o", path)
    return path


# ---- descriptions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHIPS)
def test_what_is_printed_can_be_passed_back(rblnc, name, tmp_path):
    (tmp_path / "chip.json").write_text(rblnc.done("targets", name, "--json").stdout)
    rblnc.done("compile", KERNEL, f"--target={name}", "-o", tmp_path / "a.rbln")
    rblnc.done("compile", KERNEL, "--target-file", tmp_path / "chip.json", "-o", tmp_path / "b.rbln")
    assert (tmp_path / "a.rbln").read_bytes() == (tmp_path / "b.rbln").read_bytes()


def test_rebel_is_one_chiplet(rblnc):
    """A card has four: 64 cores, 256 MB of shared memory, 144 GB at 4.8 TB/s, 1 PFLOPS."""
    figures = {key: row["value"] for key, row in description(rblnc, "rbln-cr03")["figures"].items()}
    assert figures["engines"] * 4 == 64
    assert figures["shared_bytes"] * 4 == 256 << 20
    assert figures["dram_bytes"] * 4 == 144e9
    assert figures["dram_bytes_per_second"] * 4 == 4.8e12
    assert figures["matmul_flops_per_second"] * figures["engines"] * 4 == 1e15


def test_a_chip_of_ones_own(rblnc, tmp_path):
    chip = description(rblnc, "rbln-ca22", engines=2, scratchpad_bytes=65536)
    chip["name"] = "mine"
    rblnc.done("compile", KERNEL, "--target-file", written(tmp_path, chip), "-o", tmp_path / "k.rbln")
    whole = json.loads(rblnc.done("inspect", tmp_path / "k.rbln", "--json").stdout)
    assert whole["provenance"]["targets"] == ["mine"]
    engines = {queue["index"] for queue in whole["program"][0]["queues"] if queue["unit"] == "neural_engine"}
    assert engines <= {0, 1}
    assert 0 < whole["memory"]["programs"][0]["peak_scratchpad"] <= 65536
    rblnc.done("run", tmp_path / "k.rbln", "--out", f"o={tmp_path / 'small.npy'}")
    rblnc.done("compile", KERNEL, "-o", tmp_path / "k.rbln")
    rblnc.done("run", tmp_path / "k.rbln", "--out", f"o={tmp_path / 'o.npy'}")
    assert np.array_equal(np.load(tmp_path / "small.npy"), np.load(tmp_path / "o.npy"))


def test_a_run_by_other_figures(rblnc, both, tmp_path):
    slow = written(tmp_path, description(rblnc, "rbln-ca22", dram_bytes_per_second=1e9))

    def seconds(*options):
        return json.loads(rblnc.done("run", both, *options, "--out", f"o={tmp_path / 'o.npy'}", "--stats=-").stdout)["modelled_seconds"]

    usual = seconds()
    before = np.load(tmp_path / "o.npy")
    assert seconds("--target-file", slow) > 2 * usual
    assert np.array_equal(np.load(tmp_path / "o.npy"), before)


# ---- bundles for several chips ------------------------------------------------------------------------------------


def test_a_bundle_for_several_chips(rblnc, both, tmp_path):
    whole = json.loads(rblnc.done("inspect", both, "--json").stdout)
    assert whole["provenance"]["targets"] == ["rbln-ca22", "rbln-cr03"]
    assert [program["target"] for program in whole["program"]] == ["rbln-ca22", "rbln-cr03"]
    for program in whole["program"]:
        alone = tmp_path / "alone.rbln"
        rblnc.done("compile", KERNEL, f"--target={program['target']}", "-o", alone)
        assert json.loads(rblnc.done("inspect", alone, "--json", "--section=program").stdout)["program"] == [program]
    # The programs share the signature and the regions.
    one = json.loads(rblnc.done("inspect", tmp_path / "alone.rbln", "--json").stdout)
    assert whole["signature"] == one["signature"]
    assert len(whole["memory"]["regions"]) == len(one["memory"]["regions"])
    text = rblnc.done("inspect", both).stdout
    assert "program flash_attention for rbln-ca22" in text and "program flash_attention for rbln-cr03" in text


def test_run_picks_a_program(rblnc, both, tmp_path):
    def target(*options):
        process = rblnc.done("run", both, *options, "--out", f"o={tmp_path / 'o.npy'}", f"--stats={tmp_path / 's.json'}")
        assert process.stdout == ""
        return json.loads((tmp_path / "s.json").read_text())["target"], np.load(tmp_path / "o.npy")

    first, named = target(), target("--target=rbln-cr03")
    assert (first[0], named[0]) == ("rbln-ca22", "rbln-cr03")
    assert np.array_equal(first[1], named[1])


# ---- compare ------------------------------------------------------------------------------------------------------


def test_compare_as_a_table(rblnc):
    process = rblnc.done("compare", KERNEL, "--target=rbln-ca12,rbln-cr03")
    lines = process.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["target", "rbln-ca12", "rbln-cr03"]
    assert lines[1].endswith("compared with") and lines[2].endswith("equal")
    assert process.stderr.count("not given:") == 1


def test_compare_as_json(rblnc, both, tmp_path):
    rows = json.loads(rblnc.done("compare", KERNEL, "--json").stdout)["targets"]
    assert [row["target"] for row in rows] == CHIPS
    assert rows[0]["speed_up"] == 1 and all(row["equal"] for row in rows)
    for row in rows:
        rblnc.done("compile", KERNEL, f"--target={row['target']}", "-o", tmp_path / "k.rbln")
        rblnc.done("run", tmp_path / "k.rbln", f"--stats={tmp_path / 's.json'}")
        stats = json.loads((tmp_path / "s.json").read_text())
        assert row["modelled_seconds"] == stats["modelled_seconds"]
        assert row["dram_bytes"] == stats["dram_bytes"] and row["matmul_flops"] == stats["matmul_flops"]
        assert row["speed_up"] == pytest.approx(rows[0]["modelled_seconds"] / row["modelled_seconds"])
        assert 1 <= row["engines"] <= description(rblnc, row["target"])["figures"]["engines"]["value"]
    again = json.loads(rblnc.done("compare", both, "--json").stdout)["targets"]
    assert [row["target"] for row in again] == ["rbln-ca22", "rbln-cr03"]
    assert again[1]["modelled_seconds"] == rows[3]["modelled_seconds"]


def test_compare_with_a_chip_of_ones_own(rblnc, tmp_path):
    chip = description(rblnc, "rbln-ca22", dram_bytes_per_second=1e9)
    chip["name"] = "slow"
    rows = json.loads(rblnc.done("compare", KERNEL, "--target=rbln-ca22", "--target-file", written(tmp_path, chip),
                                 "--json").stdout)["targets"]
    assert [row["target"] for row in rows] == ["rbln-ca22", "slow"]
    assert rows[1]["speed_up"] < 0.5


def test_device_numerics_are_the_chips_own(rblnc):
    """dlf16 and bf16 round differently: that is told, and is no failure."""
    rows = json.loads(rblnc.done("compare", KERNEL, "--numerics=device", "--target=rbln-ca22,rbln-ca25,rbln-cr03",
                                 "--json").stdout)["targets"]
    assert [row["equal"] for row in rows] == [True, True, False]
    assert rows[2]["differing_elements"] > 0
