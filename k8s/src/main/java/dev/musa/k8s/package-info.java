/** What the Kubernetes API knows of the senders, on a topic. */
@NullMarked
package dev.musa.k8s;

import org.jspecify.annotations.NullMarked;
