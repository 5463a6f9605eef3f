/** The ledger, read: what went in, what became of it, and whether the sum is right. */
@NullMarked
package dev.musa.app.ledger;

import org.jspecify.annotations.NullMarked;
