// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario list: the functions of this machine, as a table or as a tree. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "tool.h"

#define HOLDER_TEXT	80

enum column { DEVICE, ID, DRIVER, BARS, HELD_BY, NAME, COLUMNS };

struct row {
	struct row	*next;
	struct row	*bridge;	/* in a tree: the one above it, or NULL */
	char		text[COLUMNS][512];
	char		parent[BARIO_ADDRESS_TEXT];
};

struct rows {
	struct row		*first;
	struct row		**end;
	struct json_object	*json;	/* an array, in place of rows */
};

/* "0:mem/1M 2:port/32" */
static void bars_text(const struct bario_info *info, char *text,
		      size_t capacity)
{
	char size[SIZE_TEXT];
	unsigned int i;
	size_t len;

	text[0] = '\0';
	for (i = 0; i < BARIO_BARS_MAX; i++) {
		const struct bario_bar_info *bar = &info->bars[i];

		if (!bar->kind)
			continue;
		len = strlen(text);
		size_text(bar->size, size);
		snprintf(text + len, capacity - len, "%s%u:%s/%s", len ? " " : "", i,
			 bar->kind == BARIO_KIND_PORT ? "port" : "mem",
			 bar->assigned ? size : "none");
	}
	if (!text[0])
		strcpy(text, "-");
}

/* Nobody: "-"; not to be told: "?" */
static void holder_text(struct bario *dev, unsigned int bar, char text[HOLDER_TEXT])
{
	const struct bario_held held = get_holder(dev, bar);
	const char *name = held.name;

	switch (held.by) {
	case BARIO_HELD_NONE:
		snprintf(text, HOLDER_TEXT, "-");
		break;
	case BARIO_HELD_FILES:
		snprintf(text, HOLDER_TEXT, "bario");
		break;
	case BARIO_HELD_DRIVER:
		snprintf(text, HOLDER_TEXT, "%s", name[0] ? name : "driver");
		break;
	case BARIO_HELD_OTHER:
		snprintf(text, HOLDER_TEXT, "kernel%s%s", name[0] ? ":" : "",
			 name);
		break;
	default:
		snprintf(text, HOLDER_TEXT, "?");
	}
}

/* "e1000" where all BARs have the same holder, and else "0:bario 2:-" */
static void held_text(struct bario *dev, const struct bario_info *info,
		      char *text, size_t size)
{
	char holder[BARIO_BARS_MAX][HOLDER_TEXT];
	const char *first = NULL;
	bool same = true;
	unsigned int i;
	size_t len;

	for (i = 0; i < BARIO_BARS_MAX; i++) {
		if (!info->bars[i].kind)
			continue;
		holder_text(dev, i, holder[i]);
		if (!first)
			first = holder[i];
		same = same && !strcmp(first, holder[i]);
	}
	snprintf(text, size, "%s", !first ? "-" : same ? first : "");
	for (i = 0; i < BARIO_BARS_MAX && !same; i++) {
		len = strlen(text);
		if (info->bars[i].kind)
			snprintf(text + len, size - len, "%s%u:%s",
				 len ? " " : "", i, holder[i]);
	}
}

static void fill_row(struct row *row, struct bario *dev,
		     const struct bario_info *info)
{
	const size_t size = sizeof(row->text[0]);
	const char *name = device_name(info);

	if (!name[0])
		name = class_name(info);
	snprintf(row->text[DEVICE], size, "%s", bario_name(dev));
	snprintf(row->text[ID], size, "%04x:%04x", info->vendor, info->device);
	snprintf(row->text[DRIVER], size, "%s",
		 info->driver[0] ? info->driver : "-");
	bars_text(info, row->text[BARS], size);
	held_text(dev, info, row->text[HELD_BY], size);
	snprintf(row->text[NAME], size, "%s", name);
	parent_text(dev, info, row->parent);
}

static int collect_row(const struct bario_info *info, void *arg)
{
	char address[BARIO_ADDRESS_TEXT];
	struct rows *rows = arg;
	struct bario *dev;
	int error;

	bario_address_text(&info->address, address);
	error = bario_open(address, BARIO_OPEN_INFO, &dev);
	/* A function that has gone since is left out. */
	if (error)
		return error == -ENODEV ? 0 : error;
	if (rows->json) {
		json_object_array_add(rows->json, json_info(dev, info));
	} else {
		*rows->end = memory_or_die(1, sizeof(**rows->end));
		fill_row(*rows->end, dev, info);
		rows->end = &(*rows->end)->next;
	}
	bario_close(dev);
	return 0;
}

/* Functions below a bridge that is not in the list are at the top. */
static void hang_up(struct row *rows)
{
	struct row *row, *bridge;

	for (row = rows; row; row = row->next)
		for (bridge = rows; bridge; bridge = bridge->next)
			if (!strcmp(row->parent, bridge->text[DEVICE]))
				row->bridge = bridge;
}

static int row_indent(const struct row *row)
{
	return row->bridge ? row_indent(row->bridge) + 2 : 0;
}

static int column_width(const struct row *row, enum column column)
{
	return (column == DEVICE ? row_indent(row) : 0) +
		strlen(row->text[column]);
}

/* No blanks at the end of the line. */
static void print_row(const struct row *row, const int *widths)
{
	int column, blanks = row_indent(row);

	for (column = 0; column < COLUMNS; column++) {
		if (!widths[column] || !row->text[column][0])
			continue;
		printf("%*s%s", blanks, "", row->text[column]);
		blanks = widths[column] + 2 - column_width(row, column);
	}
	putchar('\n');
}

/* The functions below the bridge; for NULL those at the top. */
static void print_behind(const struct row *bridge, const struct row *rows,
			 const int *widths)
{
	const struct row *row;

	for (row = rows; row; row = row->next) {
		if (row->bridge != bridge)
			continue;
		print_row(row, widths);
		print_behind(row, rows, widths);
	}
}

static void print_rows(struct row *rows, bool tree)
{
	static const struct row titles = { .text = {
		[DEVICE] = "DEVICE", [ID] = "ID", [DRIVER] = "DRIVER",
		[BARS] = "BARS", [HELD_BY] = "HELD BY", [NAME] = "NAME",
	} };
	int widths[COLUMNS] = { 0 }, column;
	const struct row *row;

	if (tree)
		hang_up(rows);
	for (column = 0; column < COLUMNS; column++) {
		if (tree && (column == BARS || column == HELD_BY))
			continue;
		widths[column] = column_width(&titles, column);
		for (row = rows; row; row = row->next)
			if (column_width(row, column) > widths[column])
				widths[column] = column_width(row, column);
	}
	print_row(&titles, widths);
	print_behind(NULL, rows, widths);
}

int run_list(int argc, char **argv)
{
	struct rows rows = { .end = &rows.first };
	struct row *next;
	struct options opt;
	int error;

	options(argc, argv, OPTION_JSON | OPTION_TREE, 0, 0, &opt);
	if (opt.json)
		rows.json = json_object_new_array();
	error = bario_list(NULL, 0, collect_row, &rows, sizeof(struct bario_info));
	if (error)
		json_object_put(rows.json);
	else if (opt.json)
		put_json(rows.json);
	else
		print_rows(rows.first, opt.tree);
	for (; rows.first; rows.first = next) {
		next = rows.first->next;
		free(rows.first);
	}
	return error ? failed() : 0;
}
