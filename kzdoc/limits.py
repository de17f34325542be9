"""Every maximum in one place: what a reader accepts before it refuses (security requirements B5, K1)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes unless the name says otherwise."""

    text: int = 1_000_000
    statement: int = 1_200_000
    statements_per_entry: int = 4_096
    entries_per_revision: int = 4_096
    revisions_per_bundle: int = 1_000_000
    strangers_per_bundle: int = 10_000
    item: int = 64 * 2**20
    bundle_volume: int = 2 * 2**30
    blob: int = 64 * 2**30
    blob_piece: int = 32 * 2**20
    age_header: int = 256 * 2**10
    age_stanzas: int = 64
    sequence_jump: int = 1_000_000
    kdf_memory_floor_kib: int = 256 * 1024
    kdf_memory_ceiling_kib: int = 2 * 1024 * 1024
    kdf_iterations_floor: int = 3
    kdf_iterations_ceiling: int = 16
    kdf_lanes_ceiling: int = 8
    card_file: int = 64 * 2**10
    head_file: int = 16 * 2**20
    roster_file: int = 2**20
    receipt_file: int = 2**20
    fields_file: int = 16 * 2**20
    import_file: int = 128 * 2**20
    paper_file: int = 256 * 2**20
    signature_file: int = 16_384
    share_file: int = 2 * 2**20
    slot_file: int = 2**20
    stdin_text: int = 64 * 2**20
    command_line: int = 4 * 2**20
    picture_file: int = 64 * 2**20
    picture_pixels: int = 50_000_000
    picture_side: int = 30_000
    picture_pages: int = 60
    picture_memory: int = 512 * 2**20
    picture_cpu_seconds: int = 60
    opener_memory: int = 512 * 2**20
    opener_cpu_seconds: int = 60


LIMITS = Limits()
