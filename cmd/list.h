/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every command, in the order in which help shows them: one line a command.
 * GROUP(name, keyword) begins a group; COMMAND(id) is command_ID of some file.
 */
GROUP("Domain Management", "domain")

GROUP("Domain Monitoring", "monitor")
COMMAND(domcontrol)
COMMAND(dominfo)
COMMAND(domstate)
COMMAND(domstats)
COMMAND(list)

GROUP("Domain Events", "events")

GROUP("Host and Hypervisor", "host")
COMMAND(capabilities)
COMMAND(domcapabilities)
COMMAND(hostname)
COMMAND(maxvcpus)
COMMAND(nodeinfo)
COMMAND(sysinfo)
COMMAND(uri)
COMMAND(version)

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
