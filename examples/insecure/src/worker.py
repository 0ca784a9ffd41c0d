print("Nothing to deliver.")
