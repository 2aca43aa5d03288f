#!/bin/sh
# What to do so that the functions below go to a guest. Read it, and run it
#   piece by piece as root: it stops here on purpose.
#   02:00.0 1234:1111 (bochs-drm)
#   02:00.1 HD audio (snd_hda_intel)
# Which boot loader starts this machine could not be told: the words for the
#   kernel are given, their place is not.
# Which tool makes the initramfs could not be told: rebuild it the way this
#   distribution does.
echo 'read this script, and run its pieces by hand' >&2
exit 1

# 1. Hardware
# why: this processor has neither VT-x nor AMD-V: no guest can run at a usable
#   speed
# another processor

# 2. Kernel command line
# why: "intel_iommu=off" on the kernel command line switches the IOMMU off
# take out of the kernel command line:
#     intel_iommu=off

# 3. Module configuration
# why: to bind by address, because the host uses another device with the same
#   ID (if that shall go too, name it with --guest): 02:00.0 1234:1111
#   (bochs-drm), 02:00.1 HD audio (snd_hda_intel)
# why: softdep loads vfio-pci first: else bochs, snd_hda_intel would take
#   02:00.0, 02:00.1
printf '%s\n' 'install vfio-pci for d in 0000:02:00.0 0000:02:00.1; do echo vfio-pci > /sys/bus/pci/devices/$d/driver_override; done; /sbin/modprobe --ignore-install vfio-pci
softdep bochs pre: vfio-pci
softdep snd_hda_intel pre: vfio-pci' >> '/etc/modprobe.d/vfio.conf'

# 4. Early modules
# why: the native drivers may start in the initramfs, so vfio-pci must be
#   there
# have the initramfs load vfio-pci early (the general way: which tool makes it
#   here could not be told)

# 5. Make it count
# why: the initramfs holds a copy of modprobe.d and of the early modules
# rebuild the initramfs

# 6. Restart
# restart the host

# 7. Check
# why: the answer must be "yes", and "Kernel driver in use" vfio-pci
#     vfio-doctor --guest 0000:02:00.0
#     lspci -nnk -s 0000:02:00

# 8. For the guest
# why: 02:00.0 1234:1111 shows no video BIOS (expansion ROM): the guest's
#   firmware cannot start it, and some drivers in the guest work only with a copy
#   of it
# a copy of this very card's video BIOS: romfile=/usr/share/vgabios/card.rom

# QEMU, on the command line, with -machine q35 (and -vga none where this card
#   is to be the only display):
#   -device pcie-root-port,id=guest1,bus=pcie.0,chassis=1,slot=1
#   -device pcie-pci-bridge,id=guest1pci,bus=guest1
#   -device vfio-pci,host=0000:02:00.0,bus=guest1pci,addr=01.0,multifunction=on
#   -device vfio-pci,host=0000:02:00.1,bus=guest1pci,addr=01.1

# libvirt, inside <devices>; bus 0x10 and up must be free in the guest:
#   <hostdev mode='subsystem' type='pci' managed='yes'>
#     <source>
#       <address domain='0x0000' bus='0x02' slot='0x00' function='0x0'/>
#     </source>
#   </hostdev>
#   <hostdev mode='subsystem' type='pci' managed='yes'>
#     <source>
#       <address domain='0x0000' bus='0x02' slot='0x00' function='0x1'/>
#     </source>
#   </hostdev>

# Proxmox VE, in /etc/pve/qemu-server/VMID.conf, with machine: q35 (and
#   ,x-vga=1 behind the card that is to be the only display):
#   hostpci0: 0000:02:00
