"""What `make run` starts."""

import sys

from netloom.cli.launch import main

sys.exit(main())
