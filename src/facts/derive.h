// SPDX-License-Identifier: GPL-2.0-or-later
// The derive functions of the fact table, by the file that holds them. What each one means
// stands in its row of table.c.
#ifndef FACTS_DERIVE_H
#define FACTS_DERIVE_H

#include "facts/facts.h"

/* kernel.c */
fact_function derive_kernel_release;
fact_function derive_kernel_64bit;
fact_function derive_kernel_lacks_kvm;
fact_function derive_kernel_lacks_iommu;
fact_function derive_kernel_lacks_irq_remap;
fact_function derive_kernel_lacks_vfio;
fact_function derive_kernel_lockdown;
fact_function derive_kernel_kdump;

/* cmdline.c */
fact_function derive_cmdline_names;
fact_function derive_cmdline_words;
fact_function derive_word_text;
fact_function derive_word_mangled;
fact_function derive_word_fixed;
fact_function derive_word_no_op;
fact_function derive_word_name;
fact_function derive_word_items;
fact_function derive_word_undone_by;
fact_function derive_pci_nocrs;

/* cpu.c */
fact_function derive_cpu_vendor;
fact_function derive_cpu_virt;
fact_function derive_cpu_virt_usable;
fact_function derive_cpu_phys_bits;
fact_function derive_kvm_ready;
fact_function derive_kvm_module;
fact_function derive_kvm_blocked_by;
fact_function derive_host_kind;
fact_function derive_host_hypervisor;
fact_function derive_host_container;

/* firmware.c */
fact_function derive_firmware_virt_switch;
fact_function derive_firmware_iommu_switch;
fact_function derive_firmware_efi;
fact_function derive_firmware_worked_around;

/* iommu.c */
fact_function derive_iommu_table;
fact_function derive_iommu_on;
fact_function derive_iommu_kind;
fact_function derive_iommu_groups;
fact_function derive_iommu_off_word;
fact_function derive_iommu_on_word;
fact_function derive_iommu_default;
fact_function derive_iommu_opt_in;
fact_function derive_iommu_caching_mode;
fact_function derive_iommu_refused_by;
fact_function derive_iommu_noiommu_mode;
fact_function derive_pci_window_64bit;

/* irq.c */
fact_function derive_irq_remapped;
fact_function derive_irq_proof;
fact_function derive_irq_unsafe_allowed;
fact_function derive_irq_off_word;

/* dmar.c */
fact_function derive_dmar_intr_remap;
fact_function derive_dmar_ioapics_missing;
fact_function derive_dmar_x2apic_opt_out;
fact_function derive_dmar_malformed;
fact_function derive_dmar_bad_rmrr;

/* dmar_units.c */
fact_function derive_dmar_units_without_ir;
fact_function derive_dmar_units_without_posting;
fact_function derive_dmar_dead_units;
fact_function derive_device_dmar_unit;
fact_function derive_device_dmar_unit_idle;

/* dmar_scopes.c */
fact_function derive_dmar_scope_mismatch;
fact_function derive_dmar_flaws;

/* ivrs.c */
fact_function derive_ivrs_ioapics_missing;
fact_function derive_ivrs_no_southbridge;
fact_function derive_ivrs_uncovered;
fact_function derive_ivrs_fix;
/* ivrs_flaws.c */
fact_function derive_ivrs_malformed;
fact_function derive_ivrs_oddity;
fact_function derive_ivrs_units_missing;
fact_function derive_ivrs_hpet_missing;
/* table_unit.c */
fact_function derive_device_table_unit;

/* modules.c */
fact_function derive_modules_loaded;
fact_function derive_vfio_builtin;
fact_function derive_vfio_type1_missing;
fact_function derive_vfio_denied;
fact_function derive_vfio_install_barred;
fact_function derive_blacklist_shared;
fact_function derive_blacklist_shared_users;
fact_function derive_modprobe_not_conf;
fact_function derive_modules_virqfd_lines;
fact_function derive_modules_wrong_kvm;
fact_function derive_modules_etc_only;
fact_function derive_vfio_cfg_file;

/* framebuffer.c */
fact_function derive_fb_driver;
fact_function derive_fb_by_sysfb;
fact_function derive_target_fb_stays;
fact_function derive_target_fb_owner;
fact_function derive_target_fb_bar;
fact_function derive_target_fb_release;

/* initramfs.c */
fact_function derive_initramfs_kind;
fact_function derive_initramfs_rebuild;
fact_function derive_initramfs_image;
fact_function derive_initramfs_newer_files;

/* initramfs_flaws.c */
fact_function derive_initramfs_no_modconf;
fact_function derive_initramfs_kms_line;
fact_function derive_initramfs_glued;
fact_function derive_initramfs_glued_name;

/* loader.c */
fact_function derive_boot_loader;
fact_function derive_boot_config;
fact_function derive_boot_regenerate;

/* boot_words.c */
fact_function derive_boot_edited;
fact_function derive_boot_instead;
fact_function derive_boot_words_missing;
fact_function derive_boot_ivrs_words;
fact_function derive_boot_no_options;
fact_function derive_boot_fix;
fact_function derive_boot_state;
fact_function derive_boot_overridden;

/* device.c */
fact_function derive_device_addr;
fact_function derive_device_name;
fact_function derive_device_kind;
fact_function derive_device_present;
fact_function derive_device_is_bridge;
fact_function derive_device_driver;
fact_function derive_device_vfio_bound;
fact_function derive_device_stub_bound;
fact_function derive_device_groupless;
fact_function derive_device_power_lost;
fact_function derive_device_in_set;
fact_function derive_device_is_target;
fact_function derive_device_vf_count;
fact_function derive_device_faults_count;
fact_function derive_device_faults_reasons;
fact_function derive_device_link_errors;
fact_function derive_device_link_error_kinds;
fact_function derive_device_link_down;

/* target.c */
fact_function derive_target_boot_display;
fact_function derive_target_monitors;

/* bars.c */
fact_function derive_device_bars_unassigned;
fact_function derive_device_bars_wide;
fact_function derive_device_bars_huge;

/* rebar.c */
fact_function derive_device_rebar_sizes;
fact_function derive_device_rebar_shrink;

/* rom.c */
fact_function derive_device_rom_state;
fact_function derive_device_rom_images;
fact_function derive_device_rom_vfct;

/* igpu.c */
fact_function derive_device_igd;
fact_function derive_device_igd_lacks;
fact_function derive_igd_generation;
fact_function derive_igd_gvt;
fact_function derive_igd_off_word;

/* outputs.c */
fact_function derive_host_laptop;
fact_function derive_device_display_kind;
fact_function derive_device_outputs;

/* vga.c */
fact_function derive_device_vga_routed;

/* width.c */
fact_function derive_set_iommu_short_width;

/* reset.c */
fact_function derive_device_reset_methods;
fact_function derive_device_reset_first;
fact_function derive_device_reset_bus;
fact_function derive_device_reset_family;
fact_function derive_device_reset_trouble;
fact_function derive_device_reset_cure;
fact_function derive_device_reset_vendor_module;
fact_function derive_device_reset_sleeps;
fact_function derive_device_reset_hangs_by;
fact_function derive_device_reset_unsafe;
fact_function derive_device_reset_lacks_routine;

/* power.c */
fact_function derive_vfio_idle_sleep;
fact_function derive_device_power_state;
fact_function derive_device_power_error;

/* msi.c */
fact_function derive_device_intx_only;
fact_function derive_device_intx_unmaskable;
fact_function derive_device_intx_users;
fact_function derive_device_msix_overlap;

/* link.c */
fact_function derive_device_link_narrow;

/* placement.c */
fact_function derive_numa_many;
fact_function derive_device_numa_node;
fact_function derive_device_external;

/* sriov.c */
fact_function derive_device_vf_parent;
fact_function derive_device_vf_parent_vfio;
fact_function derive_device_vf_parent_in_group;
fact_function derive_device_vfs_on_host;
fact_function derive_device_vf_windows_unassigned;

/* guests.c */
fact_function derive_device_guest_by;
fact_function derive_device_guest_by_hand;

/* modprobe_traps.c */
fact_function derive_softdep_flaws;
fact_function derive_install_flaws;
fact_function derive_blacklist_void;
fact_function derive_device_driver_blacklisted;
fact_function derive_device_override_other;

/* next_boot.c */
fact_function derive_device_boot_driver;
fact_function derive_device_claim_static;

/* binding.c */
fact_function derive_device_bind_id;
fact_function derive_device_bind_race;
fact_function derive_device_bind_builtin;
fact_function derive_device_bind_softdep;
fact_function derive_device_bind_softdep_at;
fact_function derive_device_bind_softdep_before;

/* claims.c */
fact_function derive_device_claim_by;
fact_function derive_device_race_with;
fact_function derive_device_race_others;
fact_function derive_target_claim_ids_line;
fact_function derive_target_companions_unclaimed;
fact_function derive_target_slot_on_host;
fact_function derive_target_companions_driver;
fact_function derive_target_companions_driver_users;

/* sets.c */
fact_function derive_set_bound;
fact_function derive_set_members;
fact_function derive_set_unbound;
fact_function derive_set_foreign;
fact_function derive_set_bridges;
fact_function derive_set_slot_others;
fact_function derive_set_vmd;
fact_function derive_set_twins;
fact_function derive_target_pf_goes;

/* uses.c */
fact_function derive_set_disks;
fact_function derive_set_disks_use;
fact_function derive_set_uplinks;
fact_function derive_set_uplinks_moved;
fact_function derive_set_uplinks_left;
fact_function derive_set_keyboards;
fact_function derive_set_displays;
fact_function derive_set_monitors;
fact_function derive_set_displays_left;

/* phantom.c */
fact_function derive_device_phantom;

/* groups.c */
fact_function derive_group_id;
fact_function derive_group_why;
fact_function derive_group_acs_off;
fact_function derive_group_unreachable;
fact_function derive_group_asserted;
fact_function derive_group_vfs_with_pf;
fact_function derive_acs_override;
fact_function derive_acs_word;
fact_function derive_pci_nommconf;

/* direct_regions.c */
fact_function derive_group_direct_regions;
fact_function derive_device_direct_refused;

/* address.c */
fact_function derive_address_addr;
fact_function derive_address_where;
fact_function derive_address_present;

/* ivrs_word.c */
fact_function derive_ivrs_word_text;
fact_function derive_ivrs_word_id;
fact_function derive_ivrs_word_bdf;
fact_function derive_ivrs_word_names_iommu;
fact_function derive_ivrs_word_listed;
fact_function derive_ivrs_word_ioapics;
fact_function derive_ivrs_word_accepted;
fact_function derive_ivrs_word_fixed;
fact_function derive_ivrs_word_misses_southbridge;
fact_function derive_ivrs_word_table_right;
fact_function derive_ivrs_word_needless;

/* vfio_ids.c */
fact_function derive_vfio_id_id;
fact_function derive_vfio_id_where;
fact_function derive_vfio_id_from;
fact_function derive_vfio_id_line;
fact_function derive_vfio_id_line_without;
fact_function derive_vfio_id_line_fixed;
fact_function derive_vfio_id_lost;
fact_function derive_vfio_id_in_force;
fact_function derive_vfio_id_winner;
fact_function derive_vfio_ids_overridden;
fact_function derive_vfio_id_looks_like_address;
fact_function derive_vfio_id_matches;
fact_function derive_vfio_id_subsystem_of;
fact_function derive_vfio_id_bridges;

/* message.c */
fact_function derive_message_text;

/* id_matches.c */
fact_function derive_vfio_id_also_host;
fact_function derive_vfio_id_also_sound;
fact_function derive_vfio_id_also_taken;
fact_function derive_vfio_id_wanted;
fact_function derive_vfio_ids_wanted;

#endif
