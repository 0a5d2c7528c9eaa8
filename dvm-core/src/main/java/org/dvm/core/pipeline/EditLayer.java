package org.dvm.core.pipeline;

import org.dvm.core.edit.ClassEdits;
import org.dvm.core.pipeline.ClassTransformer.OnOverflow;

/** What one filter asked for. */
record EditLayer(String filter, ClassEdits edits, OnOverflow onOverflow) {}
