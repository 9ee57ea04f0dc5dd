/** The agent: watches the guests of libvirt hosts and of Xen, and shows them on a page, an API and an event stream. */
package io.osevent.agent;
