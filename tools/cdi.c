// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* bario grant --cdi: nodes, as container engines know devices by name. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tool.h"

#define NODES		"/dev/bario"
#define NODE_TEXT	300	/* of a path there; a file's name has 255 */

/* The oldest that has hostPath, and names that begin with a digit. */
#define VERSION		"0.5.0"
#define KIND		"bario/pci"

static void die_errno(const char *path) __attribute__((noreturn));

static void die_errno(const char *path)
{
	if (errno != ENOENT)
		exit(failed_system(path));
	exit(failed_as(BARIO_CAUSE_NO_DEVICE, ENOENT, access(NODES, F_OK) ?
		       "load the module: modprobe bario" : "", "%s: %s", path,
		       strerror(ENOENT)));
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

/* An engine refuses the whole file for one name that it does not take. */
static void name_or_die(const char *name)
{
	const size_t len = strlen(name);
	size_t i;

	for (i = 0; i < len; i++)
		if (!is_alnum(name[i]) &&
		    (!strchr("-_.", name[i]) || !i || i == len - 1))
			break;
	if (!len || i < len)
		usage("'%s' is not a name for an engine: letters, digits, -, _ and ., first and last a letter or digit",
		      name);
}

static struct json_object *json_node(const char *path, const char *host,
				     const struct stat *st)
{
	struct json_object *node = json_object_new_object();

	json_object_object_add(node, "path", json_object_new_string(path));
	json_object_object_add(node, "hostPath", json_object_new_string(host));
	json_object_object_add(node, "type", json_object_new_string("c"));
	json_object_object_add(node, "permissions", json_object_new_string("rw"));
	/* Without these the container's would be open to all. */
	json_object_object_add(node, "fileMode", json_object_new_int(st->st_mode & 0777));
	json_object_object_add(node, "uid", json_object_new_int64(st->st_uid));
	json_object_object_add(node, "gid", json_object_new_int64(st->st_gid));
	return node;
}

static bool has_device(struct json_object *devices, const char *name)
{
	struct json_object *one;
	size_t i;

	for (i = 0; i < json_object_array_length(devices); i++) {
		one = json_object_array_get_idx(devices, i);
		if (!strcmp(json_object_get_string(json_object_object_get(one, "name")), name))
			return true;
	}
	return false;
}

static void add_device(struct json_object *devices, const char *name)
{
	struct json_object *device, *edits, *nodes;
	char path[NODE_TEXT];
	struct stat st;

	name_or_die(name);
	if (has_device(devices, name))
		return;
	snprintf(path, sizeof(path), NODES "/%s", name);
	if (stat(path, &st))
		die_errno(path);
	device = json_object_new_object();
	edits = json_object_new_object();
	nodes = json_object_new_array();
	json_object_array_add(nodes, json_node("/dev/pci", path, &st));
	json_object_array_add(nodes, json_node(path, path, &st));
	json_object_object_add(edits, "deviceNodes", nodes);
	json_object_object_add(device, "name", json_object_new_string(name));
	json_object_object_add(device, "containerEdits", edits);
	json_object_array_add(devices, device);
}

static void add_argument(struct json_object *devices, const char *text)
{
	struct bario_address address;
	char node[BARIO_NODE_TEXT];
	struct bario *dev;

	if (!strncmp(text, NODES "/", strlen(NODES "/")))
		return add_device(devices, text + strlen(NODES "/"));
	if (!strchr(text, ':'))
		return add_device(devices, text);
	/* What a file may do is not what the device's node may. */
	if (!strncmp(text, "fd:", 3) || !strncmp(text, "sim:", 4))
		usage("'%s' has no node that an engine could name", text);
	dev = device_or_die(text, BARIO_OPEN_INFO);
	if (bario_address_parse(bario_name(dev), &address))
		exit(failed());
	bario_close(dev);
	bario_node_text(&address, node);
	add_device(devices, node + strlen(NODES "/"));
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void add_all(struct json_object *devices)
{
	struct dirent **entries;
	int count, i;

	count = scandir(NODES, &entries, is_visible, alphasort);
	if (count < 0)
		die_errno(NODES);
	for (i = 0; i < count; i++) {
		add_device(devices, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
}

int show_cdi(char **names)
{
	struct json_object *all = json_object_new_object();
	struct json_object *devices = json_object_new_array();

	if (!*names)
		add_all(devices);
	for (; *names; names++)
		add_argument(devices, *names);
	json_object_object_add(all, "cdiVersion", json_object_new_string(VERSION));
	json_object_object_add(all, "kind", json_object_new_string(KIND));
	json_object_object_add(all, "devices", devices);
	put_json(all);
	return 0;
}
