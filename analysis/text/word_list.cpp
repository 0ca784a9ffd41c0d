#include "analysis/text/word_list.h"

namespace bulkhead {

bool WordList::finds(std::string_view word) const {
  for (std::size_t at = words_.find(word); at != words_.npos; at = words_.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || words_[at - 1] == ' ') && (end == words_.size() || words_[end] == ' '))
      return true;
  }
  return false;
}

}  // namespace bulkhead
