;; Answers whatever it gets with five thousand fetches of the same address: each answer, or refusal,
;; asks for as many again.
(data (i32.const 128) "http://bomb.example/")
(func $begin)
(func $decode (param $input i32) (param $result i32)
  (local $command i32) (local $piece i32) (local $i i32)
  (local.set $piece (call $alloc (i32.const 28) (i32.const 4)))
  (i32.store offset=4 (local.get $piece) (i32.const 128))
  (i32.store offset=8 (local.get $piece) (i32.const 20))
  (local.set $command (call $alloc (i32.mul (i32.const 5000) (i32.const COMMAND_BYTES)) (i32.const 4)))
  (i32.store offset=12 (local.get $result) (local.get $command))
  (i32.store offset=16 (local.get $result) (i32.const 5000))
  (loop $each
    (i32.store offset=8 (local.get $command) (local.get $piece))
    (i32.store offset=12 (local.get $command) (i32.const 1))
    (local.set $command (i32.add (local.get $command) (i32.const COMMAND_BYTES)))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br_if $each (i32.lt_u (local.get $i) (i32.const 5000)))))
