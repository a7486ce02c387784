-- The document as a whole: addresses are unique, links within it lead somewhere, headings skip no level.
local M = {}
local clean = require("clean")

-- "My Section" as people write it in a link, and as pandoc names the heading.
local function plain(name)
  return pandoc.text.lower(name:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
    :gsub("[^%w\128-\255_%s-]", ""):gsub("%s", "-")
end

local function unique(doc)
  local used, alike = {}, {}
  local function name(el)
    local id = el.identifier
    if id == "" then return nil end
    local n = id
    for i = 1, math.huge do
      if not used[n] then break end
      n = id .. "-" .. i
    end
    used[n], el.identifier = true, n
    alike[plain(id)] = alike[plain(id)] or n
    return el
  end
  doc = doc:walk({ traverse = "topdown", Div = name, Header = name, Span = name, Table = name })
  return doc, used, alike
end

-- A section of a brief that is printed by itself links to what only the brief has.
local function link_check(used, alike, part, job)
  return function(el)
    if el.target:sub(1, 1) ~= "#" or used[el.target:sub(2)] then return nil end
    local target = alike[plain(el.target:sub(2))]
    if target then el.target = "#" .. target; return el end
    if job.strict or not part.own then clean.tell(part, "a link leads to " .. el.target .. ", which is nowhere; mend or drop it") end
    return el.content
  end
end

-- PDF/UA-1 begins with level 1 and skips none.
local function mended(doc)
  local last = 0
  for i, div in ipairs(doc.blocks) do
    doc.blocks[i] = div:walk({ Header = function(el)
      local level = el.level
      if level > last + 1 then
        if last > 0 then clean.tell(div.attributes, "a heading skips from level " .. last .. " to " .. level) end
        el.level = last + 1
      end
      last = el.level
      return el
    end })
  end
  return doc
end

-- The title is the first heading of level 1; a notebook without gets one from its metadata or its name.
local function titled(doc, job)
  local first
  doc:walk({ Header = function(el) first = first or el end })
  if first and first.level == 1 then
    if job.title == "" then job.title = pandoc.utils.stringify(first.content) end
  else
    if job.title == "" then job.title = job.name end
    local title = pandoc.Header(1, pandoc.Str(job.title), pandoc.Attr("title"))
    doc.blocks:insert(1, pandoc.Div({ title }, pandoc.Attr("", { "front" })))
  end
  doc.meta.pagetitle = pandoc.MetaString(job.title)
  return doc
end

function M.settle(doc, job)
  doc = mended(titled(doc, job))
  local used, alike
  doc, used, alike = unique(doc)
  for i, div in ipairs(doc.blocks) do
    if div.attributes.links then doc.blocks[i] = div:walk({ Link = link_check(used, alike, div.attributes, job) }) end
  end
  return doc
end

-- A value for the template: text that is escaped already, or a list of such.
function M.meta(value, page)
  if type(value) == "string" then return pandoc.MetaInlines({ pandoc.RawInline(page and "html" or "typst", value) }) end
  if type(value) ~= "table" then return value end
  local out = {}
  for k, v in pairs(value) do out[k] = M.meta(v, page) end
  return out
end

return M
