#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Faults in the middle of calls, by a fixed seed.
exec python3 "$TOP/tests/full/faults.py" "$XVSH" "$BUILD/virtd" 150
