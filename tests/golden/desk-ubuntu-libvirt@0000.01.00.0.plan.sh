#!/bin/sh
# What to do so that the functions below go to a guest. Read it, and run it
#   piece by piece as root: it stops here on purpose.
#   01:00.0 GeForce RTX 2080 Rev. A (nvidia)
#   01:00.1 HDMI audio (snd_hda_intel)
#   01:00.2 USB (xhci_hcd)
#   01:00.3 serial bus (nvidia-gpu)
echo 'read this script, and run its pieces by hand' >&2
exit 1

# 1. Module configuration
# why: to bind by ID, which the host needs for nothing else: 01:00.0 GeForce
#   RTX 2080 Rev. A (nvidia), 01:00.1 HDMI audio (snd_hda_intel), 01:00.2 USB
#   (xhci_hcd), 01:00.3 serial bus (nvidia-gpu)
# why: softdep loads vfio-pci first: else nvidia, snd_hda_intel, xhci_pci,
#   i2c_nvidia_gpu would take 01:00.0, 01:00.1, 01:00.2, 01:00.3
printf '%s\n' 'options vfio-pci ids=10de:1e87,10de:10f8,10de:1ad8,10de:1ad9
softdep nvidia pre: vfio-pci
softdep snd_hda_intel pre: vfio-pci
softdep xhci_pci pre: vfio-pci
softdep i2c_nvidia_gpu pre: vfio-pci' >> '/etc/modprobe.d/vfio.conf'

# 2. Early modules
# why: the native drivers may start in the initramfs, so vfio-pci must be
#   there
printf '%s\n' 'vfio-pci' >> '/etc/initramfs-tools/modules'

# 3. Make it count
# why: the initramfs holds a copy of modprobe.d and of the early modules
update-initramfs -u -k all

# 4. Restart
# restart the host

# 5. Check
# why: the answer must be "yes", and "Kernel driver in use" vfio-pci
#     vfio-doctor --guest 0000:01:00.0
#     lspci -nnk -s 0000:01:00

# 6. For the guest
# why: the IOMMU translates 39 address bits, fewer than the processor shows to
#   its guests; the processor has 46
# qemu: -cpu host,host-phys-bits-limit=39
# libvirt: <maxphysaddr mode='passthrough' limit='39'/>

# QEMU, on the command line, with -machine q35 (and -vga none where this card
#   is to be the only display):
#   -device pcie-root-port,id=guest1,bus=pcie.0,chassis=1,slot=1
#   -device vfio-pci,host=0000:01:00.0,bus=guest1,addr=00.0,multifunction=on
#   -device vfio-pci,host=0000:01:00.1,bus=guest1,addr=00.1
#   -device vfio-pci,host=0000:01:00.2,bus=guest1,addr=00.2
#   -device vfio-pci,host=0000:01:00.3,bus=guest1,addr=00.3

# libvirt, inside <devices>; bus 0x10 and up must be free in the guest:
#   <hostdev mode='subsystem' type='pci' managed='yes'>
#     <source>
#       <address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>
#     </source>
#     <address type='pci' domain='0x0000' bus='0x10' slot='0x00' function='0x0' multifunction='on'/>
#   </hostdev>
#   <hostdev mode='subsystem' type='pci' managed='yes'>
#     <source>
#       <address domain='0x0000' bus='0x01' slot='0x00' function='0x1'/>
#     </source>
#     <address type='pci' domain='0x0000' bus='0x10' slot='0x00' function='0x1'/>
#   </hostdev>
#   <hostdev mode='subsystem' type='pci' managed='yes'>
#     <source>
#       <address domain='0x0000' bus='0x01' slot='0x00' function='0x2'/>
#     </source>
#     <address type='pci' domain='0x0000' bus='0x10' slot='0x00' function='0x2'/>
#   </hostdev>
#   <hostdev mode='subsystem' type='pci' managed='yes'>
#     <source>
#       <address domain='0x0000' bus='0x01' slot='0x00' function='0x3'/>
#     </source>
#     <address type='pci' domain='0x0000' bus='0x10' slot='0x00' function='0x3'/>
#   </hostdev>

# Proxmox VE, in /etc/pve/qemu-server/VMID.conf, with machine: q35 (and
#   ,x-vga=1 behind the card that is to be the only display):
#   hostpci0: 0000:01:00,pcie=1
