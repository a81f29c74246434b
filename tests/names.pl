#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
# The names of the tests in C programs, as far as their sources tell: for each FILE.c,
# lines "FILE:LINE<tab>NAME". A % that depends on the run stays in the name.
use strict;
use warnings;

# Where the errno, the request and the name are among the arguments of a test
my %tests = (
	ok => [undef, undef, 1], is => [undef, undef, 2], is_str => [undef, undef, 2],
	is_errno => [1, undef, 2], errno_is => [1, undef, 2], refused => [3, 1, 4],
	bario_refused => [2, "PCIOCBARIO", 3], skip => [undef, undef, 1],
	grant_is => [undef, undef, 3],
	GRANT_IS => [undef, undef, 2],
);
my (%functions, $subject, @found);

sub read_file {
	my ($file) = @_;
	open(my $in, '<', $file) or die "$file: $!\n";
	local $/;
	my $text = <$in>;
	# Comments go, lines stay.
	$text =~ s{("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(/\*.*?\*/|//[^\n]*)}
		{defined $1 ? $1 : ($2 =~ s/[^\n]//gr)}gse;
	return $text;
}

# The arguments after the position of an opening parenthesis
sub arguments {
	my ($text) = @_;
	my ($depth, $one, @all) = (0, '');
	while ($text =~ /\G("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|.)/gs) {
		my $token = $1;
		if ($token =~ /^[(\[{]$/) {
			next if !$depth++;
		} elsif ($token =~ /^[)\]}]$/ && !--$depth) {
			push @all, $one;
			s/^\s+|\s+$//g for @all;
			return @all;
		} elsif ($token eq ',' && $depth == 1) {
			push @all, $one;
			$one = '';
			next;
		}
		$one .= $token;
	}
	return;
}

# An argument with the parameters of its function replaced
sub resolve {
	my ($argument, $with) = @_;
	return $with->{$argument} // $argument;
}

sub literal {
	my ($text) = @_;
	return undef unless $text =~ /^(?:"(?:[^"\\]|\\.)*"|PRI[a-z]\d+|\s)+$/;
	my @parts = $text =~ /"((?:[^"\\]|\\.)*)"/g;
	return join '', @parts;
}

# Names with their arguments
sub text {
	my ($with, $name, @values) = @_;
	$name = resolve($name, $with);
	# Of "a ? b : c", both
	my @both = $name =~ /^[^"]*\?\s*("(?:[^"\\]|\\.)*")\s*:\s*("(?:[^"\\]|\\.)*")$/;
	return map { text($with, $_, @values) } @both if @both;
	my $format = literal($name);
	return () unless defined $format;
	my $n = 0;
	$format =~ s{%(?:%|[-#0-9.l]*[a-z])}{
		my $conversion = $&;
		my $value = $conversion eq '%%' ? undef : literal(resolve($values[$n++] // '', $with));
		$value // $conversion
	}ge;
	return $format;
}

sub expand {
	my ($function, $with, $where, $depth) = @_;
	my $body = $function->{body};
	return if $depth > 5;
	while ($body =~ /\b(\w+)\s*(?=\()/g) {
		my ($called, $at) = ($1, pos $body);
		my @arguments = arguments(substr $body, $at);
		my $line = $function->{line} + (substr($body, 0, $at) =~ tr/\n//);
		my $place = $where // "$function->{file}:$line";
		if ($called eq 'about') {
			($subject) = text($with, @arguments);
		} elsif (my $test = $tests{$called}) {
			my ($errno, $request, $name) = @$test;
			my @names = text($with, @arguments[$name .. $#arguments]);
			for ($errno, $request) {
				$_ = resolve($arguments[$_] // '', $with) if defined && /^\d+$/;
			}
			my $end = join '', map { ": $_" } grep { $_ ne 'EOF' } ($errno // '') =~ /\bE[A-Z0-9]{2,}\b/g;
			for my $one (@names) {
				my $full = $one;
				$full = "$request: $full" if defined $request && $request =~ /^[A-Z_]+[0-9]*$/ && ($subject // '') !~ /\b$request\b/;
				$full = "$subject: $full" if defined $subject;
				push @found, "$place\t$full$end";
			}
		} elsif (my $helper = $functions{$function->{file}}{$called} // $functions{shared}{$called}) {
			next unless $helper->{names};
			my %new;
			@new{@{$helper->{parameters}}} = map { resolve($_, $with) } @arguments;
			my $before = $subject;
			expand($helper, \%new, $place, $depth + 1);
			$subject = $before;
		}
	}
}

my @files = @ARGV;
for my $file (@files) {
	my $text = read_file($file);
	while ($text =~ /^[a-z][^\n;=#]*?\b(\w+)\(([^;{}]*?)\)\n\{\n(.*?)^\}/gms) {
		my ($name, $parameters, $body) = ($1, $2, $3);
		my $line = 1 + (substr($text, 0, $-[3]) =~ tr/\n//);
		my @parameters = map { /(\w+)(?:\[\])?$/ ? $1 : $_ } split /,/, $parameters;
		my $function = { file => $file, line => $line, body => $body,
			parameters => \@parameters, names => scalar($parameters =~ /const char \*/) };
		$functions{$file}{$name} = $function;
		$functions{shared}{$name} = $function unless $& =~ /^static/;
	}
}
delete @{$functions{shared}}{'main', keys %tests};
for my $file (@files) {
	for my $name (sort { $functions{$file}{$a}{line} <=> $functions{$file}{$b}{line} } keys %{$functions{$file}}) {
		my $function = $functions{$file}{$name};
		next if $function->{names} || $tests{$name};
		$subject = undef;
		expand($function, {}, undef, 0);
	}
}
print map { "$_\n" } @found;
