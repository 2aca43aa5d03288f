#!/bin/sh
# What to do so that the functions below go to a guest. Read it, and run it
#   piece by piece as root: it stops here on purpose.
#   02:00.0 Radeon R7 370 / R9 270X/370X (radeon)
#   02:00.1 HDMI audio (snd_hda_intel)
echo 'read this script, and run its pieces by hand' >&2
exit 1

# 1. Kernel command line
# why: firmware's IVRS table has no entry for I/O APIC 9, 10, so the kernel
#   remaps no interrupt at all
# why: firmware's IVRS table sends no I/O APIC to the southbridge (00:14.0),
#   so the kernel remaps no interrupt at all
# mind: If the kernel then stops with "timer doesn't work through
#   Interrupt-remapped IO-APIC", firmware's table does not cover that function:
#   take the word out again in the boot menu.
# mind: Keep a boot entry without these words.
# line 3 of /etc/default/grub: GRUB_CMDLINE_LINUX_DEFAULT="quiet splash"
sed -i.bak -e '3c\
GRUB_CMDLINE_LINUX_DEFAULT="quiet splash ivrs_ioapic[9]=00:14.0 ivrs_ioapic[10]=00:00.1"' '/etc/default/grub'

# 2. Module configuration
# why: nothing makes vfio-pci load before radeon
# why: nothing makes vfio-pci load before snd_hda_intel; do not blacklist it:
#   it also serves 00:14.2 HD audio (snd_hda_intel)
printf '%s\n' 'softdep radeon pre: vfio-pci
softdep snd_hda_intel pre: vfio-pci' >> '/etc/modprobe.d/vfio.conf'

# 3. Early modules
# why: the native drivers may start in the initramfs, so vfio-pci must be
#   there
printf '%s\n' 'vfio-pci' >> '/etc/initramfs-tools/modules'

# 4. Make it count
# why: the initramfs holds a copy of modprobe.d and of the early modules
update-initramfs -u -k all
update-grub

# 5. Restart
# restart the host

# 6. Check
# why: the answer must be "yes", and "Kernel driver in use" vfio-pci
#     vfio-doctor --guest 0000:02:00.0
#     lspci -nnk -s 0000:02:00

# QEMU, on the command line, with -machine q35 (and -vga none where this card
#   is to be the only display):
#   -device pcie-root-port,id=guest1,bus=pcie.0,chassis=1,slot=1
#   -device vfio-pci,host=0000:02:00.0,bus=guest1,addr=00.0,multifunction=on
#   -device vfio-pci,host=0000:02:00.1,bus=guest1,addr=00.1

# libvirt, inside <devices>; bus 0x10 and up must be free in the guest:
#   <hostdev mode='subsystem' type='pci' managed='yes'>
#     <source>
#       <address domain='0x0000' bus='0x02' slot='0x00' function='0x0'/>
#     </source>
#     <address type='pci' domain='0x0000' bus='0x10' slot='0x00' function='0x0' multifunction='on'/>
#   </hostdev>
#   <hostdev mode='subsystem' type='pci' managed='yes'>
#     <source>
#       <address domain='0x0000' bus='0x02' slot='0x00' function='0x1'/>
#     </source>
#     <address type='pci' domain='0x0000' bus='0x10' slot='0x00' function='0x1'/>
#   </hostdev>

# Proxmox VE, in /etc/pve/qemu-server/VMID.conf, with machine: q35 (and
#   ,x-vga=1 behind the card that is to be the only display):
#   hostpci0: 0000:02:00,pcie=1
