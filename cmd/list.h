/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every command, in the order in which help shows them: one line a command.
 * GROUP(name, keyword) begins a group; COMMAND(id) is command_ID of some file.
 */
GROUP("Domain Management", "domain")

GROUP("Domain Monitoring", "monitor")

GROUP("Domain Events", "events")

GROUP("Host and Hypervisor", "host")

GROUP("Xvsh itself", "xvsh")
COMMAND(cd)
COMMAND(echo)
COMMAND(exit)
COMMAND(help)
COMMAND(pwd)
COMMAND(quit)
COMMAND(connect)
COMMAND(self_test)
COMMAND(complete)
