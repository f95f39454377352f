"""The journal: what was accepted is there again, whatever happened to the file's end."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conflictkg.errors import StoreError
from conflictkg.web.server import journal
from conflictkg.web.server.journal import Journal, encoded, scanned


def opened(folder: Path, generation: str = "one", *, replay: bool = False) -> Journal:
    made = Journal(folder)
    assert list(made.open(generation, replay=replay)) == []
    return made


def filled(folder: Path, *payloads: bytes) -> Path:
    made = opened(folder)
    for payload in payloads:
        made.append(payload)
    made.close()
    return made.path


def again(folder: Path, generation: str = "one", *, replay: bool = False) -> list[bytes]:
    made = Journal(folder)
    found = [payload for _, payload in made.open(generation, replay=replay)]
    made.close()
    return found


def test_what_was_appended_is_yielded_again_in_order(tmp_path: Path) -> None:
    filled(tmp_path, b"first", b"", b"third\n" * 1000)
    assert again(tmp_path) == [b"first", b"", b"third\n" * 1000]
    assert again(tmp_path) == [b"first", b"", b"third\n" * 1000]


def test_sequence_numbers_go_on_after_the_file_was_emptied(tmp_path: Path) -> None:
    made = opened(tmp_path)
    assert [made.append(b"a"), made.append(b"b")] == [1, 2]
    made.keeping("two")
    made.kept("two")
    assert made.append(b"c") == 3
    made.close()
    found = Journal(tmp_path)
    assert list(found.open("two")) == [(3, b"c")]
    found.close()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=200), min_size=1, max_size=5), st.data())
def test_a_torn_last_record_is_dropped_and_no_other(
    tmp_path_factory: pytest.TempPathFactory, payloads: list[bytes], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    path = filled(folder, *payloads)
    whole = path.read_bytes()
    last = len(encoded(b"w", len(payloads), payloads[-1]))
    cut = data.draw(st.integers(1, last - 1))
    path.write_bytes(whole[:-cut])
    assert again(folder) == payloads[:-1]
    assert path.with_suffix(".torn").read_bytes() == whole[-last:-cut]
    made = Journal(folder)
    assert [payload for _, payload in made.open("one")] == payloads[:-1]
    made.append(b"next")
    made.close()
    assert again(folder) == [*payloads[:-1], b"next"]


def test_a_last_record_whose_blocks_did_not_all_arrive_is_dropped(tmp_path: Path) -> None:
    path = filled(tmp_path, b"first", b"x" * 5000)
    data = bytearray(path.read_bytes())
    data[-2000:] = bytes(2000)
    path.write_bytes(data)
    assert again(tmp_path) == [b"first"]


def test_damage_before_the_last_record_is_an_error_that_names_the_byte(tmp_path: Path) -> None:
    path = filled(tmp_path, b"a" * 50, b"b" * 50, b"c" * 50)
    whole = path.read_bytes()
    middle = whole.index(b"a" * 50)
    for at in random.Random(1).sample(range(middle - 20, middle + 50), 30):
        data = bytearray(whole)
        data[at] ^= 0x55
        path.write_bytes(data)
        with pytest.raises(StoreError, match=r"damaged at byte \d+, and acknowledged changes"):
            scanned(path)


def test_a_kill_between_any_two_steps_of_keeping_loses_nothing(tmp_path: Path) -> None:
    made = opened(tmp_path)
    made.append(b"a")
    made.keeping("two")
    made.close()
    assert again(tmp_path, "one") == [b"a"]  # killed before the new generation was current
    assert again(tmp_path, "two") == []  # killed after it
    assert again(tmp_path, "two") == []


def test_changes_after_a_generation_that_never_became_current_are_kept(tmp_path: Path) -> None:
    made = opened(tmp_path)
    made.append(b"a")
    made.keeping("two")
    made.append(b"b")
    made.close()
    assert again(tmp_path, "one") == [b"a", b"b"]
    assert again(tmp_path, "two") == [b"b"]


def test_a_journal_that_cannot_be_emptied_takes_changes_all_the_same(tmp_path: Path) -> None:
    made = opened(tmp_path)
    made.append(b"a")
    made.keeping("two")
    blocked = (tmp_path / "journal").with_suffix(".new")
    (blocked / "in the way").mkdir(parents=True)
    with pytest.raises(StoreError, match="could not be emptied"):
        made.kept("two")
    made.append(b"b")
    made.close()
    (blocked / "in the way").rmdir()
    blocked.rmdir()
    assert again(tmp_path, "two") == [b"b"]


def test_a_journal_of_another_generation_is_refused_unless_told(tmp_path: Path) -> None:
    filled(tmp_path, b"a", b"b")
    with pytest.raises(StoreError, match="holds 2 changes to one, but the store was replaced"):
        again(tmp_path, "other")
    assert again(tmp_path, "one") == [b"a", b"b"]
    assert again(tmp_path, "other", replay=True) == [b"a", b"b"]


def test_an_empty_journal_takes_up_with_any_generation(tmp_path: Path) -> None:
    filled(tmp_path)
    assert again(tmp_path, "other") == []


def test_a_full_disk_leaves_the_journal_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = opened(tmp_path)
    made.append(b"kept")
    monkeypatch.setattr(journal, "_write", _half)
    with pytest.raises(StoreError, match="could not be written"):
        made.append(b"lost" * 100)
    monkeypatch.undo()
    made.append(b"later")
    made.close()
    assert again(tmp_path) == [b"kept", b"later"]


def _half(file: int, data: bytes) -> None:
    os.write(file, data[: len(data) // 2])
    raise OSError(28, "No space left on device")
