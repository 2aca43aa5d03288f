#!/bin/sh
# What to do so that the functions below go to a guest. Read it, and run it
#   piece by piece as root: it stops here on purpose.
#   09:00.0 Radeon RX 7900 XT/7900 XTX/7900 GRE/7900M (amdgpu)
#   09:00.1 HDMI audio (snd_hda_intel)
echo 'read this script, and run its pieces by hand' >&2
exit 1

# 1. Module configuration
# why: to bind by ID, which the host needs for nothing else: 09:00.0 Radeon RX
#   7900 XT/7900 XTX/7900 GRE/7900M (amdgpu), 09:00.1 HDMI audio (snd_hda_intel)
# why: softdep loads vfio-pci first: else amdgpu, snd_hda_intel would take
#   09:00.0, 09:00.1
printf '%s\n' 'options vfio-pci ids=1002:744c,1002:ab30
softdep amdgpu pre: vfio-pci
softdep snd_hda_intel pre: vfio-pci' >> '/etc/modprobe.d/vfio.conf'

# 2. Early modules
# why: the native drivers may start in the initramfs, so vfio-pci must be
#   there
printf '%s\n' 'force_drivers+=" vfio_pci "' >> '/etc/dracut.conf.d/vfio.conf'

# 3. Make it count
# why: the initramfs holds a copy of modprobe.d and of the early modules
dracut --force --regenerate-all

# 4. Restart
# restart the host

# 5. Check
# why: the answer must be "yes", and "Kernel driver in use" vfio-pci
#     vfio-doctor --guest 0000:09:00.0
#     lspci -nnk -s 0000:09:00

# 6. For the guest
# why: 09:00.0 Radeon RX 7900 XT/7900 XTX/7900 GRE/7900M has a memory window
#   (BAR) of 32 GiB: the guest's firmware needs that much room above 4 GiB
# OVMF of 2023 or later, with -cpu host
# older OVMF: -fw_cfg name=opt/ovmf/X-PciMmio64Mb,string=131072

# QEMU, on the command line, with -machine q35 (and -vga none where this card
#   is to be the only display):
#   -device pcie-root-port,id=guest1,bus=pcie.0,chassis=1,slot=1
#   -device vfio-pci,host=0000:09:00.0,bus=guest1,addr=00.0,multifunction=on
#   -device vfio-pci,host=0000:09:00.1,bus=guest1,addr=00.1

# libvirt, inside <devices>; bus 0x10 and up must be free in the guest:
#   <hostdev mode='subsystem' type='pci' managed='yes'>
#     <source>
#       <address domain='0x0000' bus='0x09' slot='0x00' function='0x0'/>
#     </source>
#     <address type='pci' domain='0x0000' bus='0x10' slot='0x00' function='0x0' multifunction='on'/>
#   </hostdev>
#   <hostdev mode='subsystem' type='pci' managed='yes'>
#     <source>
#       <address domain='0x0000' bus='0x09' slot='0x00' function='0x1'/>
#     </source>
#     <address type='pci' domain='0x0000' bus='0x10' slot='0x00' function='0x1'/>
#   </hostdev>

# Proxmox VE, in /etc/pve/qemu-server/VMID.conf, with machine: q35 (and
#   ,x-vga=1 behind the card that is to be the only display):
#   hostpci0: 0000:09:00,pcie=1
