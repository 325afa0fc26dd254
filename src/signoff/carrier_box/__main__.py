from signoff.carrier_box.main import main

main()
