/**
 * What the hub does in one step: scripts that Redis runs as a whole. A kill leaves all of a script or
 * nothing, in memory and in the append-only file.
 *
 * KEYS[1] is the prefix of all keys of the hub. Times are those of the Redis, in milliseconds.
 *
 *     version                 the version of all workers
 *     keys                    hash: key -> what it runs on
 *     KEY:entries             stream of queue entries; KEY:have: set of their hashes
 *     KEY:map                 bits: the features that they cover together
 *     KEY:findings            stream; KEY:titles: set of the files of the findings
 *     causes                  sorted set: cause -> number of findings
 *     workers, beats          hash: worker -> statistics; sorted set: worker -> time of its last beat
 *     works                   hash: lease -> its work; open: sorted set, by the order of the plan
 *     taken, holders, spent   sorted set: lease -> time of its last beat; hashes: worker, time spent
 *     done                    hash: lease -> result
 *     drain                   exists if no lease is given any more
 *
 * @module
 */

/** A lease whose worker was silent for so long goes to another worker. */
export const LEASE_MS = 7000;
/** A worker that was silent for so long is not told any more. */
const FORGET_MS = 24 * 3_600_000;

const NOW = `
local p = KEYS[1]
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
`;

const OPEN = `
local p = KEYS[1]
redis.call('SETNX', p .. 'version', ARGV[1])
if ARGV[2] ~= '' then redis.call('HSETNX', p .. 'keys', ARGV[2], ARGV[3]) end
return redis.call('GET', p .. 'version')
`;

/** Records of a stream after a place, without those of one worker; and the place after them. */
const READ = `
local function read(stream, after, skip, limit)
  local out, last = {}, after
  local records = redis.call('XRANGE', stream, '(' .. after, '+', 'COUNT', limit)
  for _, record in ipairs(records) do
    last = record[1]
    local fields, own = record[2], false
    for i = 1, #fields, 2 do
      if fields[i] == 'w' and fields[i + 1] == skip then own = true end
    end
    if not own then out[#out + 1] = record end
  end
  return {last, #records, out}
end
`;

const BEAT = NOW + READ + `
local worker, key, stats, lease, spent = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
redis.call('ZADD', p .. 'beats', now, worker)
redis.call('HSET', p .. 'workers', worker, stats)
local lost = 0
if lease ~= '' then
  if redis.call('HGET', p .. 'holders', lease) == worker then
    redis.call('ZADD', p .. 'taken', now, lease)
    redis.call('HSET', p .. 'spent', lease, spent)
  else
    lost = 1
  end
end
return {
  redis.call('ZCOUNT', p .. 'beats', now - ${LEASE_MS}, '+inf'), lost,
  redis.call('EXISTS', p .. 'drain'),
  read(p .. key .. ':entries', ARGV[6], ARGV[8], ARGV[9]),
  read(p .. key .. ':findings', ARGV[7], ARGV[8], ARGV[9])
}
`;

const NEWS = READ + `
local p, key = KEYS[1], ARGV[1]
return {
  read(p .. key .. ':entries', ARGV[2], '', ARGV[4]),
  read(p .. key .. ':findings', ARGV[3], '', ARGV[4])
}
`;

const TELL = `
local p, key, worker = KEYS[1], ARGV[1], ARGV[2]
local out = {}
for i = 3, #ARGV, 4 do
  local hash = ARGV[i]
  if redis.call('SISMEMBER', p .. key .. ':have', hash) == 1 then
    out[#out + 1] = 'had'
  else
    local new = {}
    for bit in string.gmatch(ARGV[i + 1], '%d+') do
      if redis.call('GETBIT', p .. key .. ':map', bit) == 0 then new[#new + 1] = bit end
    end
    if #new == 0 then
      out[#out + 1] = 'adds nothing'
    else
      for _, bit in ipairs(new) do redis.call('SETBIT', p .. key .. ':map', bit, 1) end
      redis.call('SADD', p .. key .. ':have', hash)
      redis.call('XADD', p .. key .. ':entries', '*',
        'h', hash, 'w', worker, 'f', ARGV[i + 2], 't', ARGV[i + 3])
      out[#out + 1] = 'saved'
    end
  end
end
return out
`;

const FIND = `
local p, key, worker = KEYS[1], ARGV[1], ARGV[2]
if redis.call('SADD', p .. key .. ':titles', ARGV[3]) == 0 then return 'had' end
redis.call('XADD', p .. key .. ':findings', '*', 'w', worker, 'n', ARGV[3], 'd', ARGV[4])
redis.call('ZINCRBY', p .. 'causes', 1, ARGV[5])
return 'saved'
`;

const TAKE = NOW + `
local worker = ARGV[1]
local function give(lease)
  redis.call('ZADD', p .. 'taken', now, lease)
  redis.call('HSET', p .. 'holders', lease, worker)
  return {
    'lease', lease, redis.call('HGET', p .. 'works', lease),
    redis.call('HGET', p .. 'spent', lease) or '0'
  }
end
for _, lease in ipairs(redis.call('ZRANGE', p .. 'taken', 0, -1)) do
  if redis.call('HGET', p .. 'holders', lease) == worker then return give(lease) end
end
if redis.call('EXISTS', p .. 'drain') == 1 then return {'draining'} end
local late = redis.call('ZRANGEBYSCORE', p .. 'taken', '-inf', now - ${LEASE_MS}, 'LIMIT', 0, 1)[1]
if late then return give(late) end
local lease = redis.call('ZRANGE', p .. 'open', 0, 0)[1]
if lease then
  redis.call('ZREM', p .. 'open', lease)
  return give(lease)
end
if redis.call('ZCARD', p .. 'taken') > 0 then return {'wait'} end
if redis.call('HLEN', p .. 'works') > 0 then return {'done'} end
return {'no plan'}
`;

const FINISH = `
local p, worker, lease = KEYS[1], ARGV[1], ARGV[2]
if redis.call('HGET', p .. 'holders', lease) ~= worker then return 'lost' end
redis.call('HDEL', p .. 'holders', lease)
redis.call('ZREM', p .. 'taken', lease)
redis.call('HSET', p .. 'done', lease, ARGV[3])
return 'done'
`;

/** Adds leases; one that is there already, with the same work, stays as it is. */
const PLAN = `
local p = KEYS[1]
local added = 0
redis.call('DEL', p .. 'drain')
for i = 1, #ARGV, 2 do
  if redis.call('HSETNX', p .. 'works', ARGV[i], ARGV[i + 1]) == 1 then
    redis.call('ZADD', p .. 'open', redis.call('HLEN', p .. 'works'), ARGV[i])
    added = added + 1
  end
end
return added
`;

const STATUS = NOW + `
local old = redis.call('ZRANGEBYSCORE', p .. 'beats', '-inf', now - ${FORGET_MS})
local keys = {}
local about = redis.call('HGETALL', p .. 'keys')
for i = 1, #about, 2 do
  local key = about[i]
  keys[#keys + 1] = {
    key, about[i + 1],
    redis.call('XLEN', p .. key .. ':entries'),
    redis.call('XLEN', p .. key .. ':findings'),
    redis.call('BITCOUNT', p .. key .. ':map')
  }
end
return {
  tostring(now), redis.call('GET', p .. 'version') or '', redis.call('EXISTS', p .. 'drain'),
  redis.call('ZRANGE', p .. 'beats', #old, -1, 'WITHSCORES'), redis.call('HGETALL', p .. 'workers'),
  redis.call('HGETALL', p .. 'works'), redis.call('HGETALL', p .. 'holders'),
  redis.call('HGETALL', p .. 'spent'), redis.call('HKEYS', p .. 'done'),
  redis.call('ZREVRANGE', p .. 'causes', 0, -1, 'WITHSCORES'), keys
}
`;

export const SCRIPTS = {
  open: OPEN,
  beat: BEAT,
  news: NEWS,
  tell: TELL,
  find: FIND,
  take: TAKE,
  finish: FINISH,
  plan: PLAN,
  status: STATUS,
} as const;
export type ScriptName = keyof typeof SCRIPTS;
