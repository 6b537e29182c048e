"""`python -m smile_explore` is the command `smile-explore`."""

from __future__ import annotations

from smile_explore.cli import main

raise SystemExit(main())
