-- Tables of the PDF: columns as wide as they need; where they do not fit, several tables.
local M = {}
local colours = require("colours")

local ROOM = 115 -- characters that fit into a line of the page's full width
local GAP = 2 -- characters between two columns
local LONG = 24 -- a word longer than that may break

local function text_of(cell) return pandoc.utils.stringify(cell.contents) end

-- The rows with each cell at the column where it stands: a list of { cell, column } a row.
local function placed(rows, columns)
  local out, taken = {}, {}
  for r, row in ipairs(rows) do
    out[r] = {}
    local at = 1
    for _, cell in ipairs(row.cells) do
      while taken[at] and taken[at] >= r do at = at + 1 end
      out[r][#out[r] + 1] = { cell, at }
      for c = at, at + cell.col_span - 1 do taken[c] = r + cell.row_span - 1 end
      at = at + cell.col_span
    end
  end
  return out
end

local function sections(el)
  local out = { el.head.rows }
  for _, body in ipairs(el.bodies) do out[#out + 1] = body.head; out[#out + 1] = body.body end
  out[#out + 1] = el.foot.rows
  return out
end

-- For each column the characters of its longest cell, of its longest word, and of all its cells.
local function measured(el)
  local whole, word, all = {}, {}, {}
  for c = 1, #el.colspecs do whole[c], word[c], all[c] = 2, 2, 1 end
  for _, rows in ipairs(sections(el)) do
    for _, row in ipairs(placed(rows)) do
      for _, entry in ipairs(row) do
        local cell, c = entry[1], entry[2]
        if cell.col_span == 1 and whole[c] then
          local text = text_of(cell)
          local length = utf8.len(text) or #text
          whole[c], all[c] = math.max(whole[c], length), all[c] + length
          for w in text:gmatch("[^%s\xc2]+") do word[c] = math.max(word[c], 1.12 * math.min(utf8.len(w) or #w, LONG)) end
        end
      end
    end
  end
  return whole, word, all
end

local function sum(list, from, to)
  local total = 0
  for c = from or 1, to or #list do total = total + list[c] + GAP end
  return total
end

-- Widths as shares of the line, so that rows become low: each column its longest word, the rest by its text.
local function widths(el)
  local whole, word, all = measured(el)
  if sum(whole) <= ROOM then return end
  local rest, total, texts = math.max(ROOM - sum(word), 0), 0, 0
  for c = 1, #all do texts = texts + all[c] end
  for c, spec in ipairs(el.colspecs) do
    word[c] = math.min(word[c] + GAP + rest * all[c] / texts, whole[c] + GAP)
    total = total + word[c]
  end
  for c, spec in ipairs(el.colspecs) do el.colspecs[c] = { spec[1], math.floor(10000 * word[c] / total) / 10000 } end
end

-- The columns of `keep` of a table, a list in order: cells that span others are cut at the edge.
local function columns(el, keep)
  local new = {}
  for n, c in ipairs(keep) do new[c] = n end
  local function rows(list)
    local out = pandoc.List()
    for r, row in ipairs(placed(list)) do
      local cells = pandoc.List()
      for _, entry in ipairs(row) do
        local span = 0
        for c = entry[2], entry[2] + entry[1].col_span - 1 do span = span + (new[c] and 1 or 0) end
        if span > 0 then
          local cell = entry[1]
          cells:insert(pandoc.Cell(cell.contents, cell.alignment, cell.row_span, span, cell.attr))
        end
      end
      out:insert(pandoc.Row(cells, list[r].attr))
    end
    return out
  end
  local part, specs = el:clone(), pandoc.List()
  for _, c in ipairs(keep) do specs:insert(el.colspecs[c]) end
  part.colspecs = specs
  part.head = pandoc.TableHead(rows(el.head.rows))
  for i, body in ipairs(el.bodies) do part.bodies[i].body, part.bodies[i].head = rows(body.body), rows(body.head) end
  part.foot = pandoc.TableFoot(rows(el.foot.rows))
  return part
end

-- Groups of columns that fit beside the first one.
local function groups(word)
  local out, group, used = {}, { 1 }, word[1] + GAP
  for c = 2, #word do
    if used + word[c] + GAP > ROOM and #group > 1 then
      out[#out + 1] = group
      group, used = { 1 }, word[1] + GAP
    end
    group[#group + 1], used = c, used + word[c] + GAP
  end
  out[#out + 1] = group
  return out
end

local function bold(rows)
  for _, row in ipairs(rows) do
    for _, cell in ipairs(row.cells) do
      cell.contents = cell.contents:walk({ Plain = function(p) return pandoc.Plain({ pandoc.Strong(p.content) }) end })
    end
  end
end

-- Colours of cells, as a pandas Styler gives them.
local function coloured(cell)
  local fill, ink = colours.of(cell.attributes.style, "background-color"), colours.of(cell.attributes.style, "color")
  local out = {}
  if fill then out[#out + 1] = { "typst:fill", fill } end
  if ink then out[#out + 1] = { "typst:text:fill", ink } end
  cell.attr = pandoc.Attr("", {}, out)
end

local function prepared(el)
  for _, rows in ipairs(sections(el)) do
    for _, row in ipairs(rows) do
      row.attr = pandoc.Attr()
      for _, cell in ipairs(row.cells) do coloured(cell) end
    end
  end
  bold(el.head.rows)
  for _, spec in ipairs(el.colspecs) do spec[2] = nil end
  return el
end

function M.fitted(el)
  el = prepared(el)
  local _, word = measured(el)
  local out = pandoc.Blocks({})
  for _, group in ipairs(sum(word) <= ROOM and { false } or groups(word)) do
    local part = group and columns(el, group) or el
    widths(part)
    out:insert(pandoc.RawBlock("typst", "#data-table["))
    out:insert(part)
    out:insert(pandoc.RawBlock("typst", "]"))
  end
  return out
end

return M
