/** What MUSA did with every item, as it stands on the ledger topics. */
@NullMarked
package dev.musa.schemas.ledger;

import org.jspecify.annotations.NullMarked;
