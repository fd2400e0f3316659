# SPDX-License-Identifier: LGPL-2.1-or-later
"""peak.py PROGRAM WORD...: run it, say how much memory it took at most, and
end with its status."""

import os
import resource
import subprocess
import sys

end = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(end.pid, 0)
print("peak %d KiB" % usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
