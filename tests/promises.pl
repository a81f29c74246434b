#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
# promises.pl LIST NAMES PAGE...: what the pages promise of errnos, and the tests of it.
# LIST is promises.txt, NAMES what names.pl prints, PAGE a manual page in which ".Ss
# REQUEST" is followed by ".It Bq Er ERRNO" and what it means. Prints a line for each
# promise, "PAGE<tab>REQUEST<tab>ERRNO<tab>MEANING<tab>FILE:LINE<tab>NAME"; a complaint
# begins with "!".
use strict;
use warnings;

my ($list, $names, @pages) = @ARGV;
my (@promises, @rules, @tests);

sub lines {
	my ($file) = @_;
	open(my $in, '<', $file) or die "$file: $!\n";
	chomp(my @all = <$in>);
	return @all;
}

for my $file (@pages) {
	my ($page) = $file =~ m{(\w+)\.4$};
	my ($section, $entry) = ('', undef);
	for (lines($file)) {
		if (/^\.S[hs] (.*)/) {
			($section, $entry) = ($1, undef);
			$section = "any request of $page(4)" if $section eq 'ERRORS';
		} elsif (/^\.It Bq Er (\w+)/) {
			push @promises, $entry = { page => "$page(4)", request => $section, errno => $1, text => '' };
		} elsif (/^\.(?:El|It|Bl|Pp)/) {
			$entry = undef;
		} elsif ($entry) {
			s/^\.(?:Va|Dv|Er|Sx|Fn|Li|Pa|Sy|Em|Dq|Vt) //;
			s/^\.Xr (\w+) (\d)/$1($2)/;
			s/ ([.,])$/$1/;
			$entry->{text} .= ($entry->{text} eq '' ? '' : ' ') . $_;
		}
	}
}

my $number = 0;
for (lines($list)) {
	$number++;
	next if /^#/ || /^\s*$/;
	my ($request, $errno, $page, $how) = /^(\S.*?) (E[A-Z0-9]+) \| (.+?) \| (.+)$/;
	if (!defined $how) {
		print "!$list:$number: not \"REQUEST ERRNO | WORDS OF THE PAGE | WORDS OF THE TEST\"\n";
		next;
	}
	my @for = grep { $_->{request} eq $request && $_->{errno} eq $errno && index($_->{text}, $page) >= 0 } @promises;
	print "!$list:$number: ", @for ? "several promises are" : "no page promises", " $request $errno: $page\n"
		if @for != 1;
	push @{$for[0]{rules}}, $how if @for == 1;
}

for (lines($names)) {
	my ($place, $name) = split /\t/;
	push @tests, { place => $place, name => $name };
}

for my $promise (@promises) {
	my ($request, $errno) = @$promise{qw(request errno)};
	my $line = join "\t", @$promise{qw(page request errno text)};
	my @found = grep { $_->{name} =~ /\b$errno\b/ && ($request =~ /^any request/ || $_->{name} =~ /\b$request\b/) } @tests;
	my $alike = grep { $_->{request} eq $request && $_->{errno} eq $errno } @promises;
	my @rules = @{$promise->{rules} // []};

	if (!@rules) {
		if ($alike > 1) {
			print "!$alike promises are $request $errno, and $list does not say which test is for: $promise->{text}\n";
		} elsif (!@found) {
			print "!no test for $line\n";
		} else {
			print "$line\t$found[0]{place}\t$found[0]{name}\n";
		}
	}
	for my $rule (@rules) {
		if ($rule =~ /^not tested: (.+)/) {
			print "$line\t-\t$rule\n";
			print "!$list: $request $errno is tested, too: $found[0]{name}\n" if @found && $alike == 1;
			next;
		}
		my ($test) = grep { index($_->{name}, $rule) >= 0 } @found;
		print defined $test ? "$line\t$test->{place}\t$test->{name}\n" : "!no test with \"$rule\" for $line\n";
	}
}
