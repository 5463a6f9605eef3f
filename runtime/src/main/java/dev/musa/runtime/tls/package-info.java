/** Certificates and keys from PEM files. */
@NullMarked
package dev.musa.runtime.tls;

import org.jspecify.annotations.NullMarked;
