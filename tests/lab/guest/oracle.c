// SPDX-License-Identifier: GPL-2.0-or-later
// Asks the kernel whether VFIO works for functions as they are bound now: oracle BDF...
//
// Does what a virtual machine monitor does first, in its order: container, groups, type of
// IOMMU, a mapped page, devices, configuration space. Changes no driver. Prints "works", or
// the step that failed and why (Documentation/driver-api/vfio.rst).
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	MAX_FUNCTIONS = 16,
	PAGE = 4096,
	IOVA = 1 << 20, /* no reserved region of a PC lies there */
};

static struct function {
	const char *address;
	char group[16];
	int group_fd;
} functions[MAX_FUNCTIONS];
static int n_functions;
static int container;

__attribute__((noreturn, format(printf, 2, 3))) static void refuse(
	int error, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf(": %s\n", error ? strerror(error) : "no");
	exit(1);
}

static void find_group(struct function *f)
{
	char path[128], target[256];
	ssize_t n;

	snprintf(path, sizeof path, "/sys/bus/pci/devices/%s/iommu_group", f->address);
	n = readlink(path, target, sizeof target - 1);
	if (n < 0)
		refuse(errno, "%s: IOMMU group", f->address);
	target[n] = '\0';
	snprintf(f->group, sizeof f->group, "%.15s", strrchr(target, '/') + 1);
}

/* Functions of one group share its file, which opens only once. */
static void open_group(struct function *f)
{
	struct vfio_group_status status = { .argsz = sizeof status };
	char path[32];

	for (struct function *other = functions; other < f; other++) {
		if (!strcmp(other->group, f->group)) {
			f->group_fd = other->group_fd;
			return;
		}
	}
	snprintf(path, sizeof path, "/dev/vfio/%s", f->group);
	f->group_fd = open(path, O_RDWR);
	if (f->group_fd < 0)
		refuse(errno, "%s: open %s", f->address, path);
	if (ioctl(f->group_fd, VFIO_GROUP_GET_STATUS, &status))
		refuse(errno, "%s: status of the group", f->address);
	if (!(status.flags & VFIO_GROUP_FLAGS_VIABLE))
		refuse(0, "%s: group %s viable", f->address, f->group);
	if (ioctl(f->group_fd, VFIO_GROUP_SET_CONTAINER, &container))
		refuse(errno, "%s: put group into container", f->address);
}

static void set_iommu(void)
{
	if (ioctl(container, VFIO_CHECK_EXTENSION, VFIO_TYPE1v2_IOMMU) <= 0)
		refuse(0, "type 1 IOMMU");
	if (ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		refuse(errno, "set type of IOMMU");
}

static void map_page(void)
{
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof map,
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)page,
		.iova = IOVA,
		.size = PAGE,
	};

	if (page == MAP_FAILED)
		refuse(errno, "a page");
	if (ioctl(container, VFIO_IOMMU_MAP_DMA, &map))
		refuse(errno, "map a page");
}

static unsigned vendor_in_sysfs(const char *address)
{
	char path[128];
	unsigned vendor = 0;
	FILE *f;

	snprintf(path, sizeof path, "/sys/bus/pci/devices/%s/vendor", address);
	f = fopen(path, "r");
	if (!f || fscanf(f, "%x", &vendor) != 1)
		refuse(errno, "%s: vendor", address);
	fclose(f);
	return vendor;
}

static void read_config(const struct function *f)
{
	struct vfio_region_info config = {
		.argsz = sizeof config,
		.index = VFIO_PCI_CONFIG_REGION_INDEX,
	};
	uint16_t vendor;
	int fd = ioctl(f->group_fd, VFIO_GROUP_GET_DEVICE_FD, f->address);

	if (fd < 0)
		refuse(errno, "%s: get the device", f->address);
	if (ioctl(fd, VFIO_DEVICE_GET_REGION_INFO, &config))
		refuse(errno, "%s: configuration space", f->address);
	if (pread(fd, &vendor, sizeof vendor, (off_t)config.offset) != sizeof vendor)
		refuse(errno, "%s: read configuration space", f->address);
	if (vendor != vendor_in_sysfs(f->address))
		refuse(0, "%s: the same device", f->address);
	close(fd);
}

int main(int argc, char **argv)
{
	n_functions = argc - 1;
	if (n_functions < 1 || n_functions > MAX_FUNCTIONS) {
		fprintf(stderr, "usage: oracle BDF...\n");
		return 64;
	}
	container = open("/dev/vfio/vfio", O_RDWR);
	if (container < 0)
		refuse(errno, "open /dev/vfio/vfio");
	for (int i = 0; i < n_functions; i++) {
		functions[i].address = argv[i + 1];
		find_group(&functions[i]);
		open_group(&functions[i]);
	}
	set_iommu();
	map_page();
	for (int i = 0; i < n_functions; i++)
		read_config(&functions[i]);
	puts("works");
	return 0;
}
