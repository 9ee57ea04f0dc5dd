/** The agent: watches the guests of libvirt hosts and shows them on a page, an API and an event stream. */
package io.osevent.agent;
