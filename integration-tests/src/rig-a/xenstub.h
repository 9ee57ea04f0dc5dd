/*
 * The simulated hypervisor edge of rig A: what a test can do to it.
 *
 * The state lives in one file, mapped MAP_SHARED by every process that loads libxenstub.so: xenstored, the
 * test, the children that libxl forks. The functions here may therefore be called from any of them.
 */
#ifndef OSEVENT_XENSTUB_H
#define OSEVENT_XENSTUB_H

#include <stdint.h>

/* Directory of the shared state; $XENSTUB_DIR overrides it. */
#define XENSTUB_DEFAULT_DIR "/run/xen/stub"

/* One more than the highest domain id, as in Xen. */
#define XENSTUB_MAX_DOMAINS 32752

enum xenstub_type { XENSTUB_PV = 0, XENSTUB_HVM = 1 /* libxl's PVH, too: xenstore tells them apart */ };

/* All return 0, or -1 with errno: ENOSPC for an id out of range, EEXIST, ESRCH. */

/* A running domain with this id comes to be, as far as the hypervisor knows. */
int xenstub_domain_create(unsigned domid, const uint8_t uuid[16], enum xenstub_type type);

/* The guest stops with a SHUTDOWN_* reason (0 poweroff, 1 reboot, 2 suspend, 3 crash); raises VIRQ_DOM_EXC. */
int xenstub_domain_shutdown(unsigned domid, unsigned reason);

/* The domain is dying but still listed, as while Xen takes back its memory; raises VIRQ_DOM_EXC. */
int xenstub_domain_dying(unsigned domid);

/* The domain is gone; raises VIRQ_DOM_EXC. */
int xenstub_domain_remove(unsigned domid);

/* Raises VIRQ_DOM_EXC: xenstored looks at all its domains. ENXIO while nobody has bound it. */
int xenstub_raise_dom_exc(void);

/*
 * Called before each hypercall that this process makes, on the thread that makes it, NULL for none; so that a
 * test can hold a thread inside libxl. Never called in a forked child.
 */
typedef void xenstub_hook(unsigned op, unsigned command, unsigned domid);
void xenstub_set_hook(xenstub_hook *hook);

#endif
