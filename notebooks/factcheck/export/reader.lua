-- Reads the parts of a notebook, each cell by itself, as JupyterLab does, so that none runs into the next.
-- Its input is JSON: { page, strict, lang, words, meta, parts }. A part is { kind, role, place, … }.
local here = pandoc.path.directory(PANDOC_SCRIPT_FILE)
package.path = pandoc.path.join({ here, "?.lua" }) .. ";" .. package.path
local clean = require("clean")
local ids = require("ids")
local runs = require("runs")

local job -- what was read from the input

-- What the filters look for in a part, so that they pass by the others: walking takes most of the time.
local SIGNS = { links = { "(#", 'href="#' }, dots = { "...", "-?" } }

local function signs(part, facts)
  for _, inner in ipairs(part.parts or {}) do signs(inner, facts) end
  local text = part.text or ""
  for name, texts in pairs(SIGNS) do
    for _, sign in ipairs(texts) do if text:find(sign, 1, true) then facts[name] = "yes" end end
  end
  if runs.found(text, job.lang) then facts.scripts = "yes" end
end

local function attr(part)
  local facts = {}
  for _, name in ipairs({ "place", "fold", "own", "card" }) do
    if part[name] then facts[#facts + 1] = { name, part[name] } end
  end
  return pandoc.Attr(part.anchor or "", { part.role }, facts)
end

-- The first heading of a claim, a card or the annex has the part's address.
local function anchored(part, blocks)
  if part.anchor and blocks[1] and blocks[1].t == "Header" then
    blocks[1].identifier, part.anchor = part.anchor, nil
  end
  return blocks
end

-- What is folded has a handle, which is no heading of the document.
local function handled(blocks)
  if blocks[1] and blocks[1].t == "Header" then blocks[1] = pandoc.Para({ pandoc.Strong(blocks[1].content) }) end
  return blocks
end

-- Each row of a table of sources has its source's address.
local function with_row_ids(part, blocks)
  local n = 0
  return blocks:walk({ Table = function(el)
    for _, body in ipairs(el.bodies) do
      for _, row in ipairs(body.body) do
        n = n + 1
        local cell = row.cells[1]
        if part.rows[n] and cell then
          local first = cell.contents[1]
          local anchor = pandoc.Span({}, pandoc.Attr(part.rows[n]))
          if first and first.content then first.content:insert(1, anchor)
          else cell.contents:insert(1, pandoc.Plain({ anchor })) end
        end
      end
    end
    return el
  end })
end

-- JupyterLab sets the cells of an output's table to the right, its row heads to the left.
local function to_the_right(blocks)
  return blocks:walk({ Table = function(el)
    local heads = el.bodies[1] and el.bodies[1].row_head_columns or 0
    for c, spec in ipairs(el.colspecs) do
      if spec[1] == "AlignDefault" then el.colspecs[c] = { c > heads and "AlignRight" or "AlignLeft", spec[2] } end
    end
    return el
  end })
end

local function numbers(part)
  local function cells(row)
    local out = {}
    for i, text in ipairs(row) do out[i] = { pandoc.Plain({ pandoc.Str(text) }) } end
    return out
  end
  local head, rows, align, widths = cells(part.rows[1]), {}, {}, {}
  for i = 2, #part.rows do rows[i - 1] = cells(part.rows[i]) end
  for i = 1, #head do align[i], widths[i] = "AlignDefault", 0 end
  local grid = pandoc.utils.from_simple_table(pandoc.SimpleTable({}, align, widths, head, rows))
  local address = "data:text/csv;charset=utf-8," .. part.csv:gsub("[^%w%-._~]", function(c)
    return string.format("%%%02X", c:byte())
  end)
  local link = pandoc.Link({ pandoc.Str(job.words.download) }, address, "",
    pandoc.Attr("", {}, { { "download", part.name .. ".csv" } }))
  return pandoc.Blocks({ grid, pandoc.Plain({ link }) })
end

local function picture(part)
  local facts = part.width and part.width ~= "" and { { "width", part.width } } or {}
  local image = pandoc.Image(part.alt ~= "" and { pandoc.Str(part.alt) } or {}, part.src, "", pandoc.Attr("", {}, facts))
  return pandoc.Blocks({ pandoc.Para({ image }) })
end

local function code(part)
  return pandoc.Blocks({ pandoc.CodeBlock(part.text, pandoc.Attr("", { part.language or "" })) })
end

local function blocks_of(part)
  if part.kind == "group" then
    local out = pandoc.Blocks({})
    for _, inner in ipairs(part.parts) do out:insert(pandoc.Div(blocks_of(inner), attr(inner))) end
    return out
  elseif part.kind == "code" then return code(part)
  elseif part.kind == "numbers" then return numbers(part)
  end
  local blocks
  if part.kind == "picture" then blocks = picture(part)
  elseif part.kind == "html" then blocks = clean.html(part.text)
  else blocks = clean.markdown(part.text) end
  blocks = clean.safe(blocks, part, job)
  if part.role == "frame" then return to_the_right(blocks) end
  if part.role == "details" then return handled(blocks) end
  return part.rows and with_row_ids(part, blocks) or anchored(part, blocks)
end

function Reader(input)
  job = pandoc.json.decode(tostring(input), false)
  local blocks = pandoc.Blocks({})
  for _, part in ipairs(job.parts) do
    local fine, inner = pcall(blocks_of, part)
    if not fine then -- a kind of cell that was not foreseen spoils no other
      clean.tell(part, "cannot be read as " .. part.kind .. "; its text is printed (" .. tostring(inner):match("[^\n]*") .. ")")
      inner = code({ text = part.text or "" })
    end
    local box = attr(part)
    local facts = {}
    signs(part, facts)
    for _, name in ipairs({ "links", "dots", "scripts" }) do box.attributes[name] = facts[name] end
    if part.groups then box.attributes.groups = table.concat(part.groups, " ") end
    blocks:insert(pandoc.Div(inner, box))
  end
  local doc = ids.settle(pandoc.Pandoc(blocks), job)
  for name, value in pairs(job.meta) do doc.meta[name] = ids.meta(value, job.page) end
  doc.meta["own-lang"] = pandoc.MetaString(job.lang) -- as the template's values it would be no text
  for name, value in pairs(job.words) do doc.meta["word-" .. name] = pandoc.MetaString(value) end
  return doc
end
