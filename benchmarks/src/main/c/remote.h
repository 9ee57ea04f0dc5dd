#ifndef OSEVENT_BENCH_REMOTE_H
#define OSEVENT_BENCH_REMOTE_H

/*
 * Adds the workload "remote" to a peer in C whose loop libvirt knows:
 *   setup remote uri=URI n=N ops=K
 * opens N connections to URI, each with a lifecycle callback (a C function that counts). Then somebody else
 * (remote-driver) makes K lifecycle events, and
 *   measure
 * waits until all N * K have arrived. Rows: events per second between the first event and the last, and microseconds
 * of this process's CPU time per event. An event that is lost is an error.
 */
void remote_register(void);

#endif
