#pragma once

namespace bulkhead::syntax {

// Lets tree-sitter take the memory of its nodes from lists of freed blocks, one for each small size and
// thread: a parse takes and frees tens of thousands of them, and asking malloc each time is a seventh
// of its cost. A list holds plain blocks of malloc's, so a tree may be freed by any thread, in any order.
// What a thread holds is bounded, and goes back to malloc when it ends. May be called more than once.
void keep_freed_blocks();

}  // namespace bulkhead::syntax
