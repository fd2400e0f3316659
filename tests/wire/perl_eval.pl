#!/usr/bin/perl
# SPDX-License-Identifier: LGPL-2.1-or-later
# Runs the Perl of each line of stdin with a connection $c and a domain $d of
# Sys::Virt, and prints what it gave on one line.
#
# usage: perl_eval.pl URI
use strict;
use warnings;
use Data::Dumper;
use Sys::Virt;
use Sys::Virt::Domain;
use Sys::Virt::Stream;

$Data::Dumper::Indent = 0;
$Data::Dumper::Terse = 1;
$Data::Dumper::Sortkeys = 1;
$| = 1;

my $c = Sys::Virt->new(uri => $ARGV[0]);
while (my $code = <STDIN>) {
	my $d = $c->get_domain_by_name("test");
	my @result = eval $code;
	my $text = $@ ne "" ? "error: $@" : Dumper(\@result);
	$text =~ s/\n/ /g;
	print "$text\n";
}
