"""Lines that belong together are dealt with together.

https://ircv3.net/specs/extensions/batch
"""

from hubbub.client import batches as module
from hubbub.client.batches import Batch, Batches
from hubbub.wire.line import Line, parse


def take(batches: Batches, *lines: str) -> list[Line | Batch]:
    taken = (batches.take(parse(line)) for line in lines)
    return [item for item in taken if item is not None]


def test_a_batch_is_held_until_its_end() -> None:
    """Lines between that carry no reference pass by."""
    batches = Batches()
    assert take(batches, "BATCH +1 chathistory #general", "@batch=1 PRIVMSG #general :one") == []
    assert take(batches, "PRIVMSG #general :live") == [parse("PRIVMSG #general :live")]
    (batch,) = take(batches, "BATCH -1")
    assert isinstance(batch, Batch)
    assert (batch.kind, batch.params) == ("chathistory", ("#general",))
    assert [item.params[1] for item in batch.items if isinstance(item, Line)] == ["one"]


def test_a_batch_in_a_batch_comes_out_with_it() -> None:
    """History in a labelled answer: the label stands outside, the type inside."""
    (outer,) = take(
        Batches(),
        "@label=x BATCH +1 labeled-response",
        "@batch=1 BATCH +2 chathistory #general",
        "@batch=2 PRIVMSG #general :one",
        "BATCH -2",
        "@batch=1 NOTE * X :done",
        "BATCH -1",
    )
    assert isinstance(outer, Batch)
    inner, note = outer.items
    assert outer.label == "x"
    assert isinstance(inner, Batch)
    assert inner.kind == "chathistory"
    assert isinstance(note, Line)


def test_a_reference_nobody_opened_is_ignored() -> None:
    """The line counts for itself, the end of nothing is nothing."""
    batches = Batches()
    assert len(take(batches, "@batch=9 PRIVMSG #general :one", "BATCH -9", "BATCH 9", "BATCH +9", "BATCH -9")) == 2


def test_half_a_batch_is_forgotten_with_its_connection() -> None:
    """Its end will never come."""
    batches = Batches()
    take(batches, "BATCH +1 chathistory #general", "@batch=1 PRIVMSG #general :one")
    batches.reset()
    assert len(take(batches, "@batch=1 PRIVMSG #general :two")) == 1


def test_a_batch_without_end_takes_no_memory_without_end() -> None:
    """What is over the limit is dropped; the next batch is whole again."""
    batches = Batches()
    limit = module._HELD_MAX
    take(batches, "BATCH +1 x")
    line = parse("@batch=1 PRIVMSG #general :one")
    for _ in range(limit + 10):
        batches.take(line)
    (batch,) = take(batches, "BATCH -1")
    assert isinstance(batch, Batch)
    assert len(batch.items) == limit
    (batch,) = take(batches, "BATCH +1 x", "@batch=1 PRIVMSG #general :one", "BATCH -1")
    assert isinstance(batch, Batch)
    assert len(batch.items) == 1
