"""`hubbub join`: be in a chat."""

from __future__ import annotations

from typing import Any

import click

from hubbub.client.cli import ADDRESSES, end, way_from, way_options


@click.command(epilog=ADDRESSES)
@click.argument("url")
@way_options
@click.option("--plain", is_flag=True, help="Line by line, for screen readers; pipes get lines anyway.")
def join(url: str, plain: bool, **options: Any) -> None:
    """Chat from this terminal, or from a pipe, on any IRC network. /help shows what can be typed, F1 the keys."""
    from hubbub.cli import face

    end(face.chat(way_from(url, **options), plain=plain))
