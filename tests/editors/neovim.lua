-- Runs in Neovim with the settings of docs/editors.md: sees the finding, takes its fix, saves.
local rule, title = "add-instead-of-copy", "Replace ADD with COPY"

local function findings()
  return vim.tbl_filter(function(diagnostic)
    return (diagnostic.code or diagnostic.user_data.lsp.code) == rule
  end, vim.diagnostic.get(0))
end

local function await(what, condition)
  if not vim.wait(20000, condition, 20) then error("waited in vain for " .. what, 0) end
end

local function test()
  vim.lsp.set_log_level("debug")
  vim.cmd("edit Dockerfile")
  await("the finding", function() return #findings() == 1 end)
  local place = findings()[1]
  assert(place.lnum == 1 and place.col == 0 and place.end_col == 3, vim.inspect(place))

  -- Neovim lets a person choose in vim.ui.select.
  local offered = {}
  vim.ui.select = function(items, options, choose)
    for _, item in ipairs(items) do
      offered[#offered + 1] = options.format_item(item)
      if offered[#offered]:find(title, 1, true) then choose(item) end
    end
  end
  vim.api.nvim_win_set_cursor(0, { place.lnum + 1, place.col })
  vim.lsp.buf.code_action()
  await("the action", function() return #offered > 0 end)
  assert(vim.tbl_contains(offered, title), "not offered: " .. title .. " in " .. vim.inspect(offered))
  await("the edit", function() return vim.fn.getline(2):match("^COPY ") end)
  await("the finding's end", function() return #findings() == 0 end)

  -- And while one types: what Neovim sends now are incremental changes.
  vim.api.nvim_buf_set_lines(0, 2, 2, true, { "# 🐳", "ADD b.py /app/" })
  await("the new finding", function() return #findings() == 1 and findings()[1].lnum == 3 end)
  vim.api.nvim_buf_set_lines(0, 2, 4, true, {})
  await("its end", function() return #findings() == 0 end)
  vim.cmd("write")
end

local ok, problem = xpcall(test, debug.traceback)
if not ok then
  io.stderr:write("\n", tostring(problem), "\n\n")
  local log = io.open(vim.lsp.get_log_path())
  io.stderr:write(log and log:read("*a") or "no log", "\n")
  vim.cmd("cquit")
end
vim.cmd("qall!")
