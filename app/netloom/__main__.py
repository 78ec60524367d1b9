"""`python -m netloom` is the command `netloom`."""

import sys

from netloom.cli import main

sys.exit(main())
